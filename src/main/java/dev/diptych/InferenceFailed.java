package dev.diptych;

/** The forward pass or the step around it failed on an input that had passed every check. */
public final class InferenceFailed extends DiptychException {

  public InferenceFailed(String message, Throwable cause) {
    super(message, cause);
  }

  public InferenceFailed(String message) {
    super(message);
  }

  private InferenceFailed(String message, boolean known) {
    super(message, known);
  }

  /**
   * A failure that is made before it happens, so that telling it needs no memory. It has no stack
   * trace and may be thrown by any number of threads.
   */
  public static InferenceFailed known(String message) {
    return new InferenceFailed(message, true);
  }
}
