package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Relative file names that others wrote, kept inside a folder. */
public final class SafePath {

  private static final String PART = "[\\w+=@,()\\[\\]~. -]{1,200}";
  private static final Pattern NAME = Pattern.compile("%1$s(/%1$s){0,8}".formatted(PART));

  private SafePath() {}

  /**
   * The file of that name below a folder.
   *
   * @throws IOException when the name is absolute, leads outside, or has odd characters
   */
  public static Path resolve(Path folder, String name) throws IOException {
    if (!isSafe(name)) {
      throw new IOException("refused the file name \"%s\"".formatted(printable(name)));
    }
    return folder.resolve(name);
  }

  /** Whether a name is relative, stays inside and has ordinary characters only. */
  public static boolean isSafe(String name) {
    if (!NAME.matcher(name).matches()) {
      return false;
    }
    for (String part : name.split("/", -1)) {
      if (part.equals(".") || part.equals("..") || part.isBlank()) {
        return false;
      }
    }
    return true;
  }

  private static String printable(String name) {
    String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
