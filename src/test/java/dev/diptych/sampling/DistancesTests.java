package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DistancesTests {

  @Test
  void aBinHoldsTheDistancesUpToItsLimit() {
    Random random = new Random(4);
    for (int i = 0; i < 10_000; i++) {
      float distance = (float) Math.exp(random.nextDouble(-20, 40));
      int bin = Distances.bin(distance);

      assertThat(distance).isLessThanOrEqualTo(Distances.limit(bin));
      if (bin > 0) {
        assertThat(distance).isGreaterThan(Distances.limit(bin - 1));
      }
    }
    assertThat(Distances.bin(0)).isZero();
    assertThat(Distances.limit(Distances.bin(Float.POSITIVE_INFINITY)))
        .isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void tellsWhereAmountsReachASum() {
    Distances distances = new Distances();
    distances.add(0, 1);
    distances.add(2, 0.5);
    distances.add(100, 0.25);

    assertThat(distances.reaching(1)).isEqualTo(Distances.bin(0));
    assertThat(distances.reaching(1.2)).isEqualTo(Distances.bin(2));
    assertThat(distances.before(Distances.bin(100))).isEqualTo(1.5);
    assertThat(distances.reaching(1.8)).isEqualTo(Distances.BINS);
  }
}
