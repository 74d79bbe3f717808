package dev.diptych.checkpoint;

/** Names out of untrusted files, made fit for a message: one line, bounded, in quotes. */
final class Quotation {

  private static final int LONGEST = 120;

  private Quotation() {}

  static String quote(String name) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < Math.min(name.length(), LONGEST); i++) {
      char c = name.charAt(i);
      quoted.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
    }
    return quoted.append(name.length() > LONGEST ? "…'" : "'").toString();
  }
}
