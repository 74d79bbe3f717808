package dev.diptych.source;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in one line for people. */
final class Reason {

  private static final int LONGEST = 300;

  private Reason() {}

  /** A text of another program for people: bounded, without the passwords in addresses. */
  static String quoted(String text) {
    String hidden = text.replaceAll("://[^/@\\s]+@", "://");
    return hidden.length() > LONGEST ? hidden.substring(0, LONGEST) + "…" : hidden;
  }

  static String of(Exception e) {
    String message = e.getMessage();
    return switch (e) {
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case FileSystemException failed when failed.getReason() != null ->
          failed.getFile() + ": " + failed.getReason();
      default -> message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    };
  }
}
