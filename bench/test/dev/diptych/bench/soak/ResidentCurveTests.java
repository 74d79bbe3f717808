package dev.diptych.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResidentCurveTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void comparesTheEndWithTheFirstSampleAfterATenthOfTheTime() {
    ResidentCurve curve = everyTenSeconds(Duration.ofMinutes(5), 500, 900, 1000, 1100, 990, 1020);

    assertThat(curve.warm().at()).isEqualTo(Duration.ofSeconds(30));
    assertThat(curve.warm().bytes()).isEqualTo(1000);
    assertThat(curve.end().bytes()).isEqualTo(1020);
    assertThat(curve.drift()).isCloseTo(2, within(1e-9));
  }

  @Test
  void countsTheSampleAtTheVeryEndOfTheWarmUp() {
    assertThat(everyTenSeconds(Duration.ofSeconds(100), 800, 1000).warm().bytes()).isEqualTo(800);
  }

  @Test
  void isNegativeWhereMemoryWasGivenBack() {
    assertThat(everyTenSeconds(MINUTE, 1000, 950).drift()).isCloseTo(-5, within(1e-9));
  }

  @Test
  void findsTheLargestSampleInTheWarmUpToo() {
    assertThat(everyTenSeconds(Duration.ofMinutes(5), 2000, 900, 1000, 1100).largest())
        .isEqualTo(2000);
  }

  @Test
  void refusesACurveThatEndsInTheWarmUp() {
    assertThatThrownBy(() -> everyTenSeconds(Duration.ofMinutes(10), 1000, 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("after the warm-up");
  }

  private static ResidentCurve everyTenSeconds(Duration duration, long... bytes) {
    List<ResidentCurve.Sample> samples =
        IntStream.range(0, bytes.length)
            .mapToObj(i -> new ResidentCurve.Sample(Duration.ofSeconds(10L * (i + 1)), bytes[i]))
            .toList();
    return new ResidentCurve(duration, samples);
  }
}
