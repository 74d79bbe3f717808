package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TagAggregationTests {

  @Test
  void ofTagsThatOverlapTheLongestStays() {
    Tag part = tag("PER", 0.9f, 0, 4);
    Tag whole = tag("PER", 0.5f, 0, 9);
    Tag inner = tag("LOC", 0.8f, 5, 9);

    assertThat(TagAggregation.withoutOverlaps(List.of(part, whole, inner))).containsExactly(whole);
    assertThat(TagAggregation.withoutOverlaps(List.of(whole, inner, part))).containsExactly(whole);
  }

  @Test
  void ofEquallyLongOnesTheSurestStays() {
    Tag earlier = tag("PER", 0.5f, 0, 4);
    Tag surer = tag("LOC", 0.6f, 0, 4);

    assertThat(TagAggregation.withoutOverlaps(List.of(earlier, surer))).containsExactly(surer);
    assertThat(TagAggregation.withoutOverlaps(List.of(surer, earlier))).containsExactly(surer);
  }

  @Test
  void tagsThatOnlyTouchStayBothInTheirOrder() {
    Tag first = tag("PER", 0.5f, 0, 4);
    Tag second = tag("PER", 0.5f, 4, 6);

    assertThat(TagAggregation.withoutOverlaps(List.of(second, first)))
        .containsExactly(first, second);
  }

  @Test
  void aTagOfNoCharactersStaysOnce() {
    Tag empty = tag("PER", 0.5f, 3, 3);

    assertThat(TagAggregation.withoutOverlaps(List.of(empty, empty))).containsExactly(empty);
    assertThat(TagAggregation.withoutOverlaps(List.of())).isEmpty();
  }

  private static Tag tag(String label, float score, int start, int end) {
    return new EntityTag(label, score, "word", start, end);
  }
}
