package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTests {

  private final List<String> told = new ArrayList<>();
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final Progress progress =
      new Progress(
          "tiny",
          told::add,
          new ProgressBar(new PrintStream(terminal, true, StandardCharsets.UTF_8)));

  @Test
  void tellsOfBytesInTheUnitsOfTheirSize() {
    progress.transfer("downloading a", 41_000_000, 90_868_376);
    progress.transfer("downloading b", 1, 570);
    progress.transfer("downloading c", 7_000_000, -1);

    assertThat(told)
        .containsExactly(
            "downloading a, 41 of 90 MB", "downloading b, 1 of 1 kB", "downloading c, 7 MB");
  }

  @Test
  void tellsTheFirstAndTheLastOfManySteps() {
    var importing = progress.percent("importing");
    for (int done = 0; done <= 10_000; done++) {
      importing.report(done, 10_000);
    }

    assertThat(told).startsWith("importing, 0 %").endsWith("importing, 100 %");
    assertThat(told).hasSizeLessThan(100);
  }

  @Test
  void drawsABarOnATerminalAndClearsItAtTheEnd() {
    progress.transfer("downloading a", 50_000_000, 100_000_000);
    progress.end();

    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .contains("█".repeat(12) + "░".repeat(12) + " tiny: downloading a, 50 of 100 MB")
        .endsWith("\r\u001b[K");
  }
}
