package dev.diptych.source;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A model that is neither in the store nor to be had; the message lists each source and why. */
public final class ModelNotObtained extends IOException {

  /** One source that was asked, and what went wrong. */
  record Attempt(String source, String reason) {

    @Override
    public String toString() {
      return source + ": " + reason;
    }
  }

  ModelNotObtained(String message) {
    super(message);
  }

  ModelNotObtained(String message, Throwable cause) {
    super(message, cause);
  }

  static ModelNotObtained afterAll(String why, List<Attempt> attempts) {
    String tried = attempts.stream().map(Attempt::toString).collect(Collectors.joining("; "));
    return new ModelNotObtained(why + "; tried " + tried);
  }
}
