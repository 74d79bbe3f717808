package dev.diptych.kernel;

/** How the int8 values of rows are meant: for each row 128 times their sum, and their step. */
final class RowScales {

  /** Of a row. */
  static final int BYTES = 8;

  /** Where the step is, a float32, behind the 32-bit integer of the sum. */
  static final int STEP = 4;

  private RowScales() {}
}
