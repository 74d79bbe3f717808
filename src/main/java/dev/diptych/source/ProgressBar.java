package dev.diptych.source;

import java.io.PrintStream;

/** Draws the step of the model that spoke last in one line of a terminal. */
final class ProgressBar implements ProgressDisplay {

  private static final int WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;

  ProgressBar(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void text(String model, String text) {
    print("%s%s: %s".formatted(CLEAR_LINE, model, text));
  }

  @Override
  public synchronized void fraction(String model, String text, double fraction) {
    int filled = (int) Math.round(WIDTH * fraction);
    String bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    print("%s%s %s: %s".formatted(CLEAR_LINE, bar, model, text));
  }

  @Override
  public synchronized void end(String model) {
    print(CLEAR_LINE);
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }
}
