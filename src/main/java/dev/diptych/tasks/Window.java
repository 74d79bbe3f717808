package dev.diptych.tasks;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a text that a model sees at once. Parts of one text overlap, as Hugging Face's
 * tokenizers cut it when they truncate with a stride ({@code tokenizer/encoding.rs}).
 *
 * @param from its first token, counted among those of the text
 * @param to one past its last
 */
record Window(int from, int to) {

  /**
   * All windows of a text; one of it all if it fits.
   *
   * @param tokens of the text
   * @param room tokens of a window, more than the stride
   * @param stride tokens that a window has in common with the next
   */
  static List<Window> of(int tokens, int room, int stride) {
    List<Window> windows = new ArrayList<>();
    int from = 0;
    while (from + room < tokens) {
      windows.add(new Window(from, from + room));
      from += room - stride;
    }
    windows.add(new Window(from, tokens));
    return windows;
  }

  /** How many windows a text has, as {@link #of}. */
  static int count(int tokens, int room, int stride) {
    int step = room - stride;
    return tokens <= room ? 1 : 1 + (tokens - room + step - 1) / step;
  }
}
