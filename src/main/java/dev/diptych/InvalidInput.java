package dev.diptych;

/**
 * What was sent cannot be answered, and why: the message names the field, the value and the limit.
 */
public final class InvalidInput extends DiptychException {

  /** Which check failed. */
  public enum Kind {
    /** Nothing to work on: an empty text or an empty batch. */
    EMPTY,
    /** More texts than one request may bring. */
    BATCH_SIZE,
    /** A value outside its range, too long, or in conflict with another. */
    VALIDATION,
    /** More tokens than the model's context, or a setting, has room for. */
    TOO_LONG,
    /** The tokenizer cannot encode the text. */
    TOKENIZER,
    /** No model has the name that was given. */
    UNKNOWN_MODEL
  }

  private final Kind kind;

  public InvalidInput(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** A failed {@link Kind#VALIDATION}. */
  public InvalidInput(String message) {
    this(Kind.VALIDATION, message);
  }

  public Kind kind() {
    return kind;
  }
}
