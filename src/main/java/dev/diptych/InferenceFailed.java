package dev.diptych;

/** The forward pass or the step around it failed on an input that had passed every check. */
public final class InferenceFailed extends DiptychException {

  public InferenceFailed(String message, Throwable cause) {
    super(message, cause);
  }

  public InferenceFailed(String message) {
    super(message);
  }
}
