package dev.diptych.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakOptionsTests {

  @Test
  void takesMinutesAndLeavesTheRest() {
    SoakOptions options =
        SoakOptions.parse(
            List.of(
                "--commit",
                "abc",
                "--jar",
                "a.jar",
                "--soak",
                "30",
                "--document",
                "d.md",
                "--",
                "--diptych.models.embed="));

    assertThat(options.duration()).isEqualTo(Duration.ofMinutes(30));
    assertThat(options.service().jar()).isEqualTo(Path.of("a.jar"));
    assertThat(options.service().document()).isEqualTo(Path.of("d.md"));
    assertThat(options.service().commit()).isEqualTo("abc");
    assertThat(options.service().settings().model("embed")).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--soak", "--soak 0", "--soak -1", "--soak half", "--jar a.jar"})
  void refusesWhatAreNoMinutes(String line) {
    assertThatThrownBy(() -> SoakOptions.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("minutes");
  }
}
