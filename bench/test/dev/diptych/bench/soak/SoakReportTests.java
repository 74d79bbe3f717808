package dev.diptych.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoakReportTests {

  @Test
  void passesUpToTheLimitOfDrift() {
    assertThat(report(1030, 0).passed()).isTrue();
    assertThat(report(1031, 0).passed()).isFalse();
  }

  @Test
  void failsWithAnError() {
    SoakReport report = report(1000, 1);

    assertThat(report.passed()).isFalse();
    assertThat(report.markdown()).contains("**failed**", "- answers: status 500");
  }

  @Test
  void writesTimesAndSizesAsPeopleReadThem() {
    assertThat(report(1030, 0).markdown())
        .contains(
            "at 0:10 | 1000 MiB", "at 1:00 | 1030 MiB", "| +3.0 % |", "| answers | 7 |", "passed");
  }

  @Test
  void keepsEverySampleInJson() {
    assertThat(report(1030, 0).json()).contains("PT1M", "1080033280", "ANSWER");
  }

  private static SoakReport report(long endMebibytes, int errors) {
    return new SoakReport(
        Instant.EPOCH,
        Map.of("cores", "2"),
        new ResidentCurve(
            Duration.ofMinutes(1),
            List.of(
                new ResidentCurve.Sample(Duration.ofSeconds(10), 1000L << 20),
                new ResidentCurve.Sample(Duration.ofSeconds(60), endMebibytes << 20))),
        Map.of(RequestKind.ANSWER, 7L),
        errors,
        errors == 0 ? List.of() : List.of("answers: status 500"));
  }
}
