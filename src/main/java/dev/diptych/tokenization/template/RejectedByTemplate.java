package dev.diptych.tokenization.template;

/** What a template says with {@code raise_exception} about its input. */
public final class RejectedByTemplate extends RuntimeException {

  RejectedByTemplate(String message) {
    super(message);
  }
}
