package dev.diptych.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The words of a command line, one after the other. */
public final class CommandLine {

  private final Iterator<String> words;

  public CommandLine(List<String> words) {
    this.words = words.iterator();
  }

  public boolean hasNext() {
    return words.hasNext();
  }

  public String next() {
    return words.next();
  }

  /** The word behind an option. */
  public String valueOf(String option) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return words.next();
  }

  /** All words that are left. */
  public List<String> rest() {
    List<String> rest = new ArrayList<>();
    words.forEachRemaining(rest::add);
    return rest;
  }
}
