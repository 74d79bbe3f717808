package dev.diptych.generation;

import dev.diptych.tokenization.StreamingDetokenizer;
import java.util.List;

/** The text of an answer as it grows, up to the first stop sequence, with it or without. */
final class AnswerText {

  /*
   * Special tokens are not in the text, but are looked at where they would stand, so that one of them
   * can be a stop sequence, or a part of one.
   */

  private final StreamingDetokenizer detokenizer;
  private final List<StopSearch> stops;
  private final boolean keepsStop;
  private final HeldText held = new HeldText();
  private final StringBuilder text = new StringBuilder();
  private int told; // of the text
  private boolean stopped;

  AnswerText(StreamingDetokenizer detokenizer, Ending ending) {
    this.detokenizer = detokenizer;
    this.stops = ending.stop().stream().map(StopSearch::new).toList();
    this.keepsStop = ending.keepStop() || stops.isEmpty();
  }

  /** Takes a token and returns the text that is certain with it and was not returned before. */
  String append(int id) {
    return add(detokenizer.append(id));
  }

  /** Takes a token that is not part of the text. */
  void pass(String special) {
    if (keepsStop) {
      endOfFirstStop(special);
    } else {
      hold(special, false);
    }
  }

  /** The text that was still held back. Ends the answer. */
  String finish() {
    String rest = stopped ? "" : add(detokenizer.finish());
    if (stopped || keepsStop) {
      return rest;
    }
    held.release(0, text);
    return rest + news();
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
    if (keepsStop) {
      String kept = piece.substring(0, endOfFirstStop(piece));
      text.append(kept);
      return kept;
    }
    hold(piece, true);
    return news();
  }

  private String news() {
    String news = text.substring(told);
    told = text.length();
    return news;
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

  /* Releases what cannot be the beginning of a stop sequence. */
  private void hold(String next, boolean visible) {
    for (int i = 0; i < next.length() && !stopped; i++) {
      int stopLength = 0;
      int longestBeginning = 0;
      for (StopSearch stop : stops) {
        if (stop.endsWith(next.charAt(i))) {
          stopLength = Math.max(stopLength, stop.length());
        }
        longestBeginning = Math.max(longestBeginning, stop.matched());
      }
      held.add(next.charAt(i), visible);
      stopped = stopLength > 0;
      held.release(stopped ? stopLength : longestBeginning, text);
    }
  }
}
