package dev.diptych.bench;

/** What the exit status of a process says. */
final class ExitStatus {

  private static final int SIGNAL = 128;

  private ExitStatus() {}

  /** Names the signals by which native code ends a process. */
  static String describe(int status) {
    return switch (status - SIGNAL) {
      case 4 -> "an illegal instruction";
      case 6 -> "an abort";
      case 7 -> "a bus error";
      case 8 -> "an arithmetic error";
      case 9 -> "a kill signal, as for want of memory";
      case 11 -> "a segmentation fault";
      default -> "status " + status;
    };
  }
}
