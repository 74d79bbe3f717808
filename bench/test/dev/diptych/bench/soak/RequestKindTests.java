package dev.diptych.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKindTests {

  @ParameterizedTest
  @CsvSource({
    "0, ANSWER",
    "19, ANSWER",
    "20, STREAM",
    "45, CANCELLED_STREAM",
    "60, EMBED",
    "96, FILL_MASK",
    "97, BAD",
    "99, BAD"
  })
  void hasTheShareThatItSays(int drawn, RequestKind kind) {
    assertThat(RequestKind.draw(new Always(drawn))).isEqualTo(kind);
  }

  @Test
  void drawsEveryKindButTheLargest() {
    Random random = new Random(1);

    assertThat(IntStream.range(0, 1000).mapToObj(_ -> RequestKind.draw(random)))
        .containsOnly(
            Arrays.stream(RequestKind.values())
                .filter(kind -> kind != RequestKind.LARGEST)
                .toArray(RequestKind[]::new));
  }

  private record Always(int drawn) implements RandomGenerator {
    @Override
    public int nextInt(int bound) {
      return drawn;
    }

    @Override
    public long nextLong() {
      return drawn;
    }
  }
}
