package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NearestFloatTests {

  @Test
  void isTheNearestFloat() {
    assertThat(NearestFloat.of(0.7)).isEqualTo(0.7f);
    assertThat(NearestFloat.of(1.0)).isEqualTo(1f);
    assertThat(NearestFloat.of(-2.0)).isEqualTo(-2f);
    assertThat(NearestFloat.of(0.0)).isZero();
    assertThat(NearestFloat.of(null)).isNull();
  }

  @Test
  void staysOnItsSideOfABound() {
    assertThat(NearestFloat.of(1e-50)).isPositive();
    assertThat(NearestFloat.of(-1e-50)).isNegative();
    assertThat(NearestFloat.of(1.0000000001)).isGreaterThan(1f);
    assertThat(NearestFloat.of(0.9999999999)).isLessThan(1f);
    assertThat(NearestFloat.of(-2.0000000001)).isLessThan(-2f);
  }

  @Test
  void isTheLargestFloatForWhatIsLarger() {
    assertThat(NearestFloat.of(1e39)).isEqualTo(Float.MAX_VALUE);
    assertThat(NearestFloat.of(-1e39)).isEqualTo(-Float.MAX_VALUE);
    assertThat(NearestFloat.of(Double.POSITIVE_INFINITY)).isInfinite();
  }
}
