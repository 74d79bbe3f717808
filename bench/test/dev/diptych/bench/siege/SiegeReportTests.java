package dev.diptych.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SiegeReportTests {

  private static final HealthAnswers QUICK = health(99, 10, 1, 500);
  private static final Map<GoodKind, Double> ALONE = rates(10, 20, 30);

  @Test
  void passesWhenEveryMarkIsKept() {
    SiegeReport report = report(QUICK, rates(5, 10, 15), 0, 105, null);

    assertThat(report.passed()).isTrue();
    assertThat(report.markdown())
        .contains(
            "10 minutes of 8 hostile clients, all kinds: passed.", "| 10.0, 5.0 /s | ≥ 5.0 |");
  }

  @Test
  void namesEachMarkThatWasMissed() {
    assertThat(report(health(98, 10, 2, 500), ALONE, 0, 100, null).failures())
        .containsExactly("/health took 500 ms at the 99th percentile");
    assertThat(report(QUICK, rates(4.9, 20, 30), 0, 100, null).failures())
        .containsExactly("answers of 32 tokens to 50 words: 0.49 of the rate");
    assertThat(report(QUICK, ALONE, 3, 100, null).failures())
        .containsExactly("3 errors for well-behaved clients");
    assertThat(report(QUICK, ALONE, 0, 106, null).failures())
        .containsExactly("memory grew by 6.0 %");
    assertThat(report(QUICK, ALONE, 0, 0, "3, after 5 s, beside masks").failures())
        .containsExactly("the process ended: 3, after 5 s, beside masks");
  }

  @Test
  void countsAHealthThatDidNotAnswerAsTheSlowest() {
    HealthAnswers answers = new HealthAnswers(List.of(30_000.0, 5.0, 7.0), 1, Map.of());

    assertThat(answers.within(0.5)).isEqualTo(7);
    assertThat(answers.within(0.99)).isEqualTo(30_000);
    assertThat(new HealthAnswers(List.of(), 0, Map.of()).within(0.99)).isInfinite();
  }

  @Test
  void countsOnlyWhatCameSinceAnEarlierState() {
    GoodAnswers earlier = new GoodAnswers(Map.of(GoodKind.EMBED, 5), 1, 1, List.of("a"));
    GoodAnswers later =
        new GoodAnswers(Map.of(GoodKind.EMBED, 25, GoodKind.GENERATE, 2), 3, 2, List.of("a", "b"));

    GoodAnswers since = later.since(earlier);

    assertThat(since.rates(Duration.ofSeconds(10)))
        .containsEntry(GoodKind.EMBED, 2.0)
        .containsEntry(GoodKind.GENERATE, 0.2)
        .containsEntry(GoodKind.FILL_MASK, 0.0);
    assertThat(since.refused()).isEqualTo(2);
    assertThat(since.firstErrors()).containsExactly("b");
  }

  private static SiegeReport report(
      HealthAnswers health,
      Map<GoodKind, Double> beside,
      int errors,
      long after,
      @Nullable String death) {
    return new SiegeReport(
        Instant.EPOCH,
        Map.of(),
        List.of(HostileKind.values()),
        Duration.ofMinutes(10),
        health,
        ALONE,
        beside,
        new GoodAnswers(Map.of(), 0, errors, List.of()),
        100,
        300,
        after,
        death);
  }

  private static HealthAnswers health(int quick, double quickMillis, int slow, double slowMillis) {
    return new HealthAnswers(
        Stream.concat(
                Collections.nCopies(quick, quickMillis).stream(),
                Collections.nCopies(slow, slowMillis).stream())
            .toList(),
        0,
        Map.of());
  }

  private static Map<GoodKind, Double> rates(double generate, double embed, double fillMask) {
    return Map.of(GoodKind.GENERATE, generate, GoodKind.EMBED, embed, GoodKind.FILL_MASK, fillMask);
  }
}
