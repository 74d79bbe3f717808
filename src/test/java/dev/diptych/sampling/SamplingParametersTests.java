package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SamplingParametersTests {

  @Test
  void refusesValuesOutsideTheirRange() {
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefused(
          () -> new SamplingParameters(false, bad, null, null, null, null, null, null),
          "`temperature` must be strictly positive. Given: " + bad);
      assertRefused(
          () -> new SamplingParameters(false, null, null, null, null, bad, null, null),
          "`repetition_penalty` must be strictly positive. Given: " + bad);
    }
    for (float bad : new float[] {0, 1, -0.1f, Float.NaN}) {
      assertRefused(
          () -> new SamplingParameters(false, null, null, bad, null, null, null, null),
          "`top_p` must be > 0.0 and < 1.0. Given: " + bad);
      assertRefused(
          () -> new SamplingParameters(false, null, null, null, bad, null, null, null),
          "`typical_p` must be > 0.0 and < 1.0. Given: " + bad);
    }
    assertRefused(
        () -> new SamplingParameters(false, null, 0, null, null, null, null, null),
        "`top_k` must be strictly positive. Given: 0");
    assertRefused(
        () -> new SamplingParameters(false, null, null, null, null, null, 2.1f, null),
        "`frequency_penalty` must be >= -2.0 and <= 2.0. Given: 2.1");
  }

  @Test
  void aSamplingParameterSwitchesSamplingOn() {
    assertThat(SamplingParameters.GREEDY.isSampled()).isFalse();
    assertThat(new SamplingParameters(true, null, null, null, null, null, null, null).isSampled())
        .isTrue();
    assertThat(new SamplingParameters(false, 0.5f, null, null, null, null, null, null).isSampled())
        .isTrue();
    assertThat(new SamplingParameters(false, null, null, null, null, 1.2f, 1f, 5L).isSampled())
        .isFalse();
  }

  private static void assertRefused(ThrowingCallable creation, String message) {
    assertThatThrownBy(creation).isInstanceOf(InvalidInput.class).hasMessage(message);
  }
}
