package dev.diptych.tokenization.template;

/** A template that could not be rendered with these variables, or not within its budget. */
public final class TemplateFailed extends RuntimeException {

  private final boolean located;

  TemplateFailed(String message) {
    super(message);
    this.located = false;
  }

  private TemplateFailed(String message, TemplateFailed cause) {
    super(message, cause);
    this.located = true;
  }

  /** The same failure with the line where it happened; the innermost line wins. */
  TemplateFailed at(int line) {
    return located
        ? this
        : new TemplateFailed("template line %d: %s".formatted(line, getMessage()), this);
  }
}
