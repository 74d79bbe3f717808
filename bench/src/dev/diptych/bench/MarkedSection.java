package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a document between two marks, which a run may replace. */
final class MarkedSection {

  private static final String BEGIN = "<!-- results: begin -->";
  private static final String END = "<!-- results: end -->";

  private MarkedSection() {}

  /** Replaces what stands between the marks of {@code document}. */
  static void replace(Path document, String content) throws IOException {
    String text = Files.readString(document);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("%s has no section %s … %s".formatted(document, BEGIN, END));
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length())
            + "\n"
            + content.strip()
            + "\n"
            + text.substring(end));
  }
}
