package dev.diptych.sampling.constraint;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps the masks of one vocabulary up to a bound, and forgets the oldest. */
final class MaskMemory {

  /* A place that nobody can come to any more goes with its mask, though it is counted on. */
  private record Kept(WeakReference<Configuration> place, long bytes) {}

  private final Deque<Kept> kept = new ArrayDeque<>();
  private final long most;
  private long bytes;

  /** Room for masks of so many bytes. */
  MaskMemory(long most) {
    this.most = most;
  }

  synchronized void keep(Configuration configuration, Mask mask) {
    configuration.mask = mask;
    kept.add(new Kept(new WeakReference<>(configuration), mask.bytes()));
    bytes += mask.bytes();
    while (bytes > most && kept.size() > 1) {
      Kept oldest = kept.remove();
      bytes -= oldest.bytes;
      Configuration place = oldest.place.get();
      if (place != null) {
        place.mask = null;
      }
    }
  }
}
