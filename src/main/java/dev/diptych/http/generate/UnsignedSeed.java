package dev.diptych.http.generate;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The seed of random numbers on the wire: an unsigned number of 64 bits. */
final class UnsignedSeed {

  private UnsignedSeed() {}

  static boolean isOne(BigInteger seed) {
    return seed.signum() >= 0 && seed.bitLength() <= Long.SIZE;
  }

  /** What these bits are on the wire; null for none. */
  static @Nullable BigInteger of(@Nullable Long bits) {
    return bits == null ? null : new BigInteger(Long.toUnsignedString(bits));
  }
}
