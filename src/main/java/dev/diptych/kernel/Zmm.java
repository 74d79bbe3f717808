package dev.diptych.kernel;

/**
 * A vector register of 512 bits.
 *
 * @param number 0 to 31
 */
record Zmm(int number) implements Operand {

  Zmm {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("there is no register zmm" + number);
    }
  }
}
