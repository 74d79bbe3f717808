package dev.diptych.model;

import dev.diptych.InferenceFailed;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;

/**
 * What people outside are told of a failure: no folders of this machine and no texts of native
 * code, which the log has.
 */
public final class Explanation {

  private static final int LONGEST = 2000;
  private static final String UNTOLD = "it could not be loaded, the log says why";

  /* two parts or more, of which the last is kept; neither the rest of an address nor of a relative path */
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w.…/:~-])(?:/[^\\s/:;,\"'()\\[\\]]+)+/([^\\s/:;,\"'()\\[\\]]+)/?");

  /* on Windows: a drive or a server, and the same */
  private static final Pattern PATH_ON_DRIVE =
      Pattern.compile(
          "(?<!\\w)(?:[A-Za-z]:|\\\\\\\\[\\w.-]+)[\\\\/](?:[^\\s\\\\/:;,\"'()\\[\\]]+[\\\\/])*([^\\s\\\\/:;,\"'()\\[\\]]+)[\\\\/]?");

  private Explanation() {}

  /** Why something could not be loaded. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case FileSystemException file when file.getFile() != null ->
          "cannot use the file " + withoutPaths(file.getFile());
      case InferenceFailed _ -> UNTOLD;
      case IOException _, IllegalArgumentException _, IllegalStateException _
          when message != null && !message.isBlank() ->
          bounded(withoutPaths(message));
      default -> UNTOLD;
    };
  }

  /** A text in which absolute paths have only their last part. */
  public static String withoutPaths(String text) {
    String shortened = PATH.matcher(text).replaceAll("…/$1");
    return PATH_ON_DRIVE.matcher(shortened).replaceAll("…/$1");
  }

  private static String bounded(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
