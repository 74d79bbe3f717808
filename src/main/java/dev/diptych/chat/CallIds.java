package dev.diptych.chat;

import java.security.SecureRandom;
import java.util.function.Supplier;

/** Makes ids of calls. */
final class CallIds {

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SHORT = 9;
  private static final int LONG = 24;

  private CallIds() {}

  /** Ids as the templates of a format want them. */
  static Supplier<String> of(ToolCallFormat format) {
    return format.hasShortIds() ? () -> random(SHORT) : () -> "call_" + random(LONG);
  }

  private static String random(int length) {
    StringBuilder id = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
