package dev.diptych.encoding;

/** Where a request keeps what it holds until its answer is written; it closes all of that then. */
@FunctionalInterface
public interface Keeper {

  /** Takes over what must be closed. */
  void keep(Permits permits);
}
