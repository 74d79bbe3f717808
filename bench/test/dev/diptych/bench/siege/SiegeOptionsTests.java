package dev.diptych.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiegeOptionsTests {

  @Test
  void attacksWithEverythingForTenMinutes() {
    SiegeOptions options = SiegeOptions.parse(List.of("--siege", "--jar", "a.jar"));

    assertThat(options.duration()).isEqualTo(Duration.ofMinutes(10));
    assertThat(options.kinds()).containsExactly(HostileKind.values());
  }

  @Test
  void takesMinutesAndKindsAndLeavesTheRest() {
    SiegeOptions options =
        SiegeOptions.parse(
            List.of(
                "--jar",
                "a.jar",
                "--siege",
                "--minutes",
                "2",
                "--kinds",
                "masks,slow-tokens",
                "--",
                "--diptych.models.embed="));

    assertThat(options.duration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.kinds()).containsExactly(HostileKind.MASKS, HostileKind.SLOW_TOKENS);
    assertThat(options.service().settings().model("embed")).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--minutes 0", "--minutes half", "--kinds none", "--kinds masks,"})
  void refusesWhatItDoesNotKnow(String line) {
    assertThatThrownBy(() -> SiegeOptions.parse(List.of(("--jar a.jar " + line).split(" "))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
