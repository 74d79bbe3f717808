package dev.diptych.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory by its address; addresses are trusted. */
@SuppressWarnings("restricted")
final class Native {

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Native() {}

  static float getFloat(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT, address);
  }

  static void putFloat(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT, address, value);
  }

  static short getShort(long address) {
    return ALL.get(ValueLayout.JAVA_SHORT, address);
  }

  static void copy(long source, long target, long bytes) {
    MemorySegment.copy(ALL, source, ALL, target, bytes);
  }

  /** Keeps of two numbers the larger one. */
  static void keepLarger(long source, float[] target, int first, int count) {
    for (int i = 0; i < count; i++) {
      float other = getFloat(source + (long) i * Float.BYTES);
      target[first + i] = Math.max(target[first + i], other);
    }
  }

  static void copy(long source, float[] target, int first, int count) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_FLOAT, source, target, first, count);
  }
}
