package dev.diptych.tokenization.template;

/** A template that cannot be parsed or uses what is not supported; the message gives the line. */
public final class InvalidTemplate extends RuntimeException {

  InvalidTemplate(String message, int line) {
    super("template line %d: %s".formatted(line, message));
  }
}
