package dev.diptych.sampling.constraint;

/**
 * What an automaton reads: the bytes 0 to 255, then calls of rules, whose texts stand where the
 * call is, then special tokens.
 */
final class Symbols {

  static final int FIRST_CALL = 0x100;
  static final int FIRST_SPECIAL = 0xC000;

  private Symbols() {}

  static char call(int rule) {
    return (char) (FIRST_CALL + rule);
  }

  /** The call's rule. */
  static int rule(int symbol) {
    return symbol - FIRST_CALL;
  }

  static char special(int index) {
    return (char) (FIRST_SPECIAL + index);
  }

  static boolean isByte(int symbol) {
    return symbol < FIRST_CALL;
  }

  static boolean isCall(int symbol) {
    return symbol >= FIRST_CALL && symbol < FIRST_SPECIAL;
  }
}
