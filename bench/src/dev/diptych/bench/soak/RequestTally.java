package dev.diptych.bench.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts requests by kind and keeps the first errors; for several threads. */
final class RequestTally {

  private static final int KEPT_ERRORS = 20;

  private final Map<RequestKind, Long> sent = new EnumMap<>(RequestKind.class);
  private final List<String> firstErrors = new ArrayList<>();
  private long errors;

  synchronized void answered(RequestKind kind) {
    sent.merge(kind, 1L, Long::sum);
  }

  /** A request whose answer was not what it must be. */
  synchronized void failed(RequestKind kind, Exception error) {
    sent.merge(kind, 1L, Long::sum);
    errors++;
    if (firstErrors.size() < KEPT_ERRORS) {
      firstErrors.add(kind.label() + ": " + error);
    }
  }

  synchronized long errors() {
    return errors;
  }

  synchronized List<String> firstErrors() {
    return List.copyOf(firstErrors);
  }

  /** Requests that have an answer, by kind. */
  synchronized Map<RequestKind, Long> sent() {
    Map<RequestKind, Long> copy = new EnumMap<>(RequestKind.class);
    copy.putAll(sent);
    return copy;
  }
}
