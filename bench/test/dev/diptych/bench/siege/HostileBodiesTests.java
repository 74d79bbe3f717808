package dev.diptych.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileBodiesTests {

  private static final int LIMIT = 2_000_000;

  static Stream<byte[]> bodies() {
    return Stream.of(
        HostileBodies.masks(),
        HostileBodies.candidates(),
        HostileBodies.targets(),
        HostileBodies.manyTokens(),
        HostileBodies.manyIds(),
        HostileBodies.allTokenVectors(),
        HostileBodies.longSentences(),
        HostileBodies.combiningPrompt(),
        HostileBodies.digitsPrompt(),
        HostileBodies.endlessAnswer(),
        HostileBodies.detailedAnswer(),
        HostileBodies.nearlyMatchingStops(30_000, 10_000),
        HostileBodies.trees(),
        HostileBodies.names(),
        HostileBodies.form());
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void areNotRefusedForTheirSize(byte[] body) {
    assertThat(body.length).isLessThan(LIMIT);
  }
}
