package dev.diptych.encoding;

/** Places that a request holds in an engine until it is closed. */
public interface Permits extends AutoCloseable {

  @Override
  void close();
}
