package dev.diptych.startup;

/** There is not enough memory for a model, which the message tells in numbers. */
final class WithoutMemory extends IllegalStateException {

  private static final long serialVersionUID = 1;

  WithoutMemory(String message) {
    super(message);
  }
}
