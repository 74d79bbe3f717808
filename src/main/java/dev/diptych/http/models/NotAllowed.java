package dev.diptych.http.models;

/** Who asks may not change the models. */
final class NotAllowed extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotAllowed(String message) {
    super(message, null, false, false); // it is known what happened
  }
}
