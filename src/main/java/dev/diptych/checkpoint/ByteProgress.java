package dev.diptych.checkpoint;

/** Told how far a long piece of work is. */
@FunctionalInterface
public interface ByteProgress {

  /** {@code done} of {@code total} bytes are there; called often, so it must return at once. */
  void report(long done, long total);

  /** Tells nobody. */
  static ByteProgress none() {
    return (done, total) -> {};
  }
}
