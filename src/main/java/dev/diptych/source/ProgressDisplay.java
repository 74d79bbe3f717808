package dev.diptych.source;

/** Where progress is shown to whoever started the service. */
interface ProgressDisplay {

  /** A step whose length is unknown. */
  void text(String model, String text);

  /** A step that is some fraction of the way, from 0 to 1. */
  void fraction(String model, String text, double fraction);

  /** Nothing more will come of this model. */
  void end(String model);

  /** A bar when standard output is a terminal, else lines in the log. */
  @SuppressWarnings("SystemConsoleNull") // null without a terminal on JDK 25
  static ProgressDisplay forStandardOutput() {
    var console = System.console();
    return console != null && console.isTerminal()
        ? new ProgressBar(System.out)
        : new ProgressLog();
  }
}
