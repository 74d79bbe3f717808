package dev.diptych;

import java.nio.charset.StandardCharsets;

/**
 * Ends the process when an error ends a platform thread that nothing replaces, such as the one that
 * accepts connections: without it the service would seem to run and never answer. Threads that are
 * watched over or started again catch their errors themselves.
 */
final class FatalErrors implements Thread.UncaughtExceptionHandler {

  /** As the JVM's own option for a lack of memory has it. */
  static final int STATUS = 3;

  private static final byte[] MESSAGE =
      "diptych: an error has ended a thread that nothing replaces; the process ends\n"
          .getBytes(StandardCharsets.UTF_8);

  private final Runnable end;

  /**
   * A handler for all threads.
   *
   * @param end ends the process
   */
  FatalErrors(Runnable end) {
    this.end = end;
  }

  static FatalErrors haltingTheProcess() {
    return new FatalErrors(() -> Runtime.getRuntime().halt(STATUS));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    boolean fatal = cause instanceof Error && !thread.isVirtual();
    try {
      System.err.println("Uncaught in the thread " + thread.getName());
      cause.printStackTrace();
      if (fatal) {
        System.err.write(MESSAGE, 0, MESSAGE.length);
        System.err.flush();
      }
    } finally {
      if (fatal) {
        end.run();
      }
    }
  }
}
