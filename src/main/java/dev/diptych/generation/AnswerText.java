package dev.diptych.generation;

import dev.diptych.tokenization.StreamingDetokenizer;
import java.util.List;

/** The text of an answer as it grows, up to and with the first stop sequence. */
final class AnswerText {

  private final StreamingDetokenizer detokenizer;
  private final List<String> stop;
  private final int longestStop;
  private final StringBuilder text = new StringBuilder();
  private boolean stopped;

  AnswerText(StreamingDetokenizer detokenizer, List<String> stop) {
    this.detokenizer = detokenizer;
    this.stop = stop;
    this.longestStop = stop.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Takes a token and returns the text that it completes. */
  String append(int id) {
    return add(detokenizer.append(id));
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
    int before = text.length();
    text.append(piece);
    int end = endOfFirstStop(Math.max(0, before - longestStop + 1));
    if (end >= 0) {
      stopped = true;
      text.setLength(end);
    }
    return text.substring(Math.min(before, text.length()));
  }

  private int endOfFirstStop(int from) {
    int first = -1;
    for (String candidate : stop) {
      int found = text.indexOf(candidate, from);
      if (found >= 0 && (first < 0 || found + candidate.length() < first)) {
        first = found + candidate.length();
      }
    }
    return first;
  }
}
