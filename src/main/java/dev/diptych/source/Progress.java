package dev.diptych.source;

import dev.diptych.checkpoint.ByteProgress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How far one model is, told in short texts to a listener and with numbers to a display; both hear
 * of bytes at most a few times a second. Belongs to one thread.
 */
final class Progress {

  private static final long INTERVAL = Duration.ofMillis(250).toNanos();
  private static final long KILOBYTE = 1000;

  private final String model;
  private final Consumer<String> listener;
  private final ProgressDisplay display;
  private String last = "";
  private long next = System.nanoTime();

  Progress(String model, Consumer<String> listener, ProgressDisplay display) {
    this.model = model;
    this.listener = listener;
    this.display = display;
  }

  /** Something begins whose length is unknown. */
  void say(String text) {
    listener.accept(text);
    display.text(model, text);
    next = System.nanoTime();
  }

  /** A file comes in: "downloading model.safetensors, 41 of 90 MB". */
  void transfer(String what, long done, long total) {
    if (due(what, done, total)) {
      String text = total <= 0 ? what + ", " + bytes(done) : what + ", " + bytes(done, total);
      listener.accept(text);
      display.fraction(model, text, total <= 0 ? 0 : (double) done / total);
    }
  }

  /** Work goes on: "importing, 35 %". */
  ByteProgress percent(String what) {
    return (done, total) -> {
      if (due(what, done, total)) {
        double fraction = total <= 0 ? 0 : Math.min(1.0, (double) done / total);
        String text = "%s, %d %%".formatted(what, Math.round(100 * fraction));
        listener.accept(text);
        display.fraction(model, text, fraction);
      }
    };
  }

  /** Ends what the display shows of this model. */
  void end() {
    display.end(model);
  }

  private boolean due(String what, long done, long total) {
    long now = System.nanoTime();
    if (what.equals(last) && now - next < 0 && done != total) {
      return false;
    }
    last = what;
    next = now + INTERVAL;
    return true;
  }

  private static String bytes(long done, long total) {
    if (total < 10 * KILOBYTE * KILOBYTE) {
      return "%d of %d kB".formatted(Math.ceilDiv(done, KILOBYTE), Math.ceilDiv(total, KILOBYTE));
    }
    long megabyte = KILOBYTE * KILOBYTE;
    return "%d of %d MB".formatted(done / megabyte, total / megabyte);
  }

  /** A count of bytes for people, in decimal units. */
  static String bytes(long count) {
    if (count < KILOBYTE * KILOBYTE) {
      return Math.ceilDiv(count, KILOBYTE) + " kB";
    }
    if (count < 10 * KILOBYTE * KILOBYTE * KILOBYTE) {
      return count / (KILOBYTE * KILOBYTE) + " MB";
    }
    return count / (KILOBYTE * KILOBYTE * KILOBYTE) + " GB";
  }
}
