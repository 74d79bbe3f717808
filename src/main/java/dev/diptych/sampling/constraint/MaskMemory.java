package dev.diptych.sampling.constraint;

import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps the masks of one vocabulary up to a bound, and forgets the oldest. */
final class MaskMemory {

  private static final long MOST_BYTES = Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Deque<Configuration> kept = new ArrayDeque<>();
  private long bytes;

  synchronized void keep(Configuration configuration, Mask mask) {
    configuration.mask = mask;
    kept.add(configuration);
    bytes += mask.bytes();
    while (bytes > MOST_BYTES && kept.size() > 1) {
      Configuration oldest = kept.remove();
      Mask forgotten = oldest.mask;
      if (forgotten != null) {
        bytes -= forgotten.bytes();
        oldest.mask = null;
      }
    }
  }
}
