package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints with faults are served or refused with a reason, whatever the fault. {@code
 * -Ddiptych.mutants=10000} tries so many, {@code -Ddiptych.mutants.first=4711} begins with another
 * seed.
 */
class MutatedCheckpointTests {

  private static final int SHORT = 200;
  private static final long PATIENCE_MILLIS = 60_000;
  private static final String HEAP = "-Xmx192m";

  private final long first = Long.getLong("diptych.mutants.first", 0);
  private final long end = first + Integer.getInteger("diptych.mutants", SHORT);
  private final List<String> failures = new ArrayList<>();
  private int served;
  private int refused;
  private long next = first;
  private String mutant = "none";
  private String lastLine = "";

  @Test
  void areServedOrRefusedWithAReason() throws Exception {
    while (next < end) {
      int status = run();
      if (next < end) {
        failures.add("%s: the process ended with %d: %s".formatted(mutant, status, lastLine));
        next++;
      }
    }

    System.out.printf("%d mutants: %d served, %d refused%n", end - first, served, refused);
    assertThat(failures).isEmpty();
    assertThat(served).as("served").isPositive();
    assertThat(refused).as("refused").isPositive();
  }

  /**
   * Runs mutants until all are through or one ends the process, whose seed {@code next} is then.
   */
  private int run() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                MutantProcess.class.getName(),
                Long.toString(next),
                Long.toString(end))
            .redirectErrorStream(true)
            .start();
    Timer timer = new Timer(true);
    TimerTask deadline = endAfterPatience(timer, process);
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (read(line)) {
          deadline.cancel();
          deadline = endAfterPatience(timer, process);
        }
      }
    } finally {
      timer.cancel();
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  private static TimerTask endAfterPatience(Timer timer, Process process) {
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            process.destroyForcibly();
          }
        };
    timer.schedule(task, PATIENCE_MILLIS);
    return task;
  }

  /** Whether the line says that something has come to an end. */
  private boolean read(String line) {
    lastLine = line;
    if (line.startsWith(MutantProcess.SEED)) {
      mutant = line;
      return false;
    }
    if (line.equals(MutantProcess.SERVED)) {
      served++;
    } else if (line.startsWith(MutantProcess.REFUSED)) {
      refused++;
    } else if (line.startsWith(MutantProcess.FAILED)) {
      failures.add(mutant + ": " + line);
    } else {
      return false;
    }
    next++;
    return true;
  }
}
