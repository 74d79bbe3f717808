package dev.diptych.http;

import org.jspecify.annotations.Nullable;

/**
 * A number of the wire as the nearest float, but on its own side of every whole number: what lies
 * just outside a bound, as all bounds are whole, stays outside of it. What is too large for a float
 * is the largest one.
 */
public final class NearestFloat {

  private NearestFloat() {}

  public static @Nullable Float of(@Nullable Double value) {
    if (value == null) {
      return null;
    }
    float nearest = value.floatValue();
    if (Float.isInfinite(nearest) && !value.isInfinite()) {
      return Math.copySign(Float.MAX_VALUE, nearest);
    }
    boolean crossed = nearest == Math.rint(nearest) && nearest != value;
    return crossed ? Math.nextAfter(nearest, value) : nearest;
  }
}
