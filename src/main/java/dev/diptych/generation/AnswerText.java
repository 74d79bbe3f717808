package dev.diptych.generation;

import dev.diptych.tokenization.StreamingDetokenizer;
import java.util.List;

/** The text of an answer as it grows, up to and with the first stop sequence. */
final class AnswerText {

  /*
   * Special tokens are not in the text, but are looked at where they would stand, so that one of them
   * can be a stop sequence, or a part of one.
   */

  private final StreamingDetokenizer detokenizer;
  private final List<StopSearch> stops;
  private final StringBuilder text = new StringBuilder();
  private boolean stopped;

  AnswerText(StreamingDetokenizer detokenizer, List<String> stop) {
    this.detokenizer = detokenizer;
    this.stops = stop.stream().map(StopSearch::new).toList();
  }

  /** Takes a token and returns the text that it completes. */
  String append(int id) {
    return add(detokenizer.append(id));
  }

  /** Takes a token that is not part of the text. */
  void pass(String special) {
    endOfFirstStop(special);
  }

  /** The text that was still held back. Ends the answer. */
  String finish() {
    return stopped ? "" : add(detokenizer.finish());
  }

  /** Whether a stop sequence has occurred. */
  boolean stopped() {
    return stopped;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private String add(String piece) {
    String kept = piece.substring(0, endOfFirstStop(piece));
    text.append(kept);
    return kept;
  }

  /* In what comes next; all of it without one. */
  private int endOfFirstStop(String next) {
    for (int i = 0; i < next.length() && !stops.isEmpty(); i++) {
      for (StopSearch stop : stops) {
        stopped |= stop.endsWith(next.charAt(i));
      }
      if (stopped) {
        return i + 1;
      }
    }
    return next.length();
  }
}
