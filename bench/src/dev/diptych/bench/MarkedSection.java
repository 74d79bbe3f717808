package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A named part of a document between two marks, which a run may replace. */
public final class MarkedSection {

  private MarkedSection() {}

  /**
   * Replaces what stands between the marks {@code <!-- name: begin -->} and {@code <!-- name: end
   * -->} of a document.
   */
  public static void replace(Path document, String name, String content) throws IOException {
    String beginMark = "<!-- %s: begin -->".formatted(name);
    String endMark = "<!-- %s: end -->".formatted(name);
    String text = Files.readString(document);
    int begin = text.indexOf(beginMark);
    int end = text.indexOf(endMark);
    if (begin < 0 || end < begin) {
      throw new IOException("%s has no section %s … %s".formatted(document, beginMark, endMark));
    }
    Files.writeString(
        document,
        text.substring(0, begin + beginMark.length())
            + "\n"
            + content.strip()
            + "\n"
            + text.substring(end));
  }
}
