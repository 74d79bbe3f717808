package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SamplingParametersTests {

  @Test
  void refusesValuesOutsideTheirRange() {
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefused(
          () ->
              new SamplingParameters(
                  false, bad, null, null, null, null, null, null, null, null, Map.of(), null),
          "`temperature` must be strictly positive. Given: " + bad);
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, null, null, null, bad, null, null, null, Map.of(), null),
          "`repetition_penalty` must be strictly positive. Given: " + bad);
    }
    for (float bad : new float[] {0, 1.1f, -0.1f, Float.NaN}) {
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, bad, null, null, null, null, null, null, Map.of(), null),
          "`top_p` must be > 0.0 and <= 1.0. Given: " + bad);
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, null, null, bad, null, null, null, null, Map.of(), null),
          "`typical_p` must be > 0.0 and <= 1.0. Given: " + bad);
    }
    assertRefused(
        () ->
            new SamplingParameters(
                false, null, -1, null, null, null, null, null, null, null, Map.of(), null),
        "`top_k` must be positive, or 0 for all tokens. Given: -1");
    assertRefused(
        () ->
            new SamplingParameters(
                false, null, null, null, null, null, null, 2.1f, null, null, Map.of(), null),
        "`frequency_penalty` must be >= -2.0 and <= 2.0. Given: 2.1");
  }

  @Test
  void aSamplingParameterSwitchesSamplingOn() {
    assertThat(SamplingParameters.GREEDY.isSampled()).isFalse();
    assertThat(
            new SamplingParameters(
                    true, null, null, null, null, null, null, null, null, null, Map.of(), null)
                .isSampled())
        .isTrue();
    assertThat(
            new SamplingParameters(
                    false, 0.5f, null, null, null, null, null, null, null, null, Map.of(), null)
                .isSampled())
        .isTrue();
    assertThat(
            new SamplingParameters(
                    false, null, null, null, null, null, 1.2f, 1f, null, null, Map.of(), 5L)
                .isSampled())
        .isFalse();
  }

  @Test
  void neutralValuesChangeNothingAndSwitchNothingOn() {
    assertThat(
            new SamplingParameters(
                false, 1f, 0, 1f, null, 1f, null, null, null, null, Map.of(), null))
        .isEqualTo(SamplingParameters.GREEDY);
    assertThat(
            new SamplingParameters(true, 1f, 0, 1f, null, 1f, null, null, null, null, Map.of(), 5L))
        .isEqualTo(
            new SamplingParameters(
                true, null, null, null, null, null, null, null, null, null, Map.of(), 5L));
    assertThat(
            new SamplingParameters(
                    false, 1f, 5, null, null, null, null, null, null, null, Map.of(), null)
                .isSampled())
        .isTrue();
  }

  @Test
  void refusesWhatOpenAiRefuses() {
    for (float bad : new float[] {-2.1f, 2.1f, Float.NaN}) {
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, null, null, null, null, null, bad, null, Map.of(), null),
          "`presence_penalty` must be >= -2.0 and <= 2.0. Given: " + bad);
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, null, null, null, null, null, null, bad, Map.of(), null),
          "`frequency_penalty` must be >= -2.0 and <= 2.0. Given: " + bad);
    }
    for (float bad : new float[] {-0.1f, 1.1f, Float.NaN}) {
      assertRefused(
          () ->
              new SamplingParameters(
                  false, null, null, null, bad, null, null, null, null, null, Map.of(), null),
          "`min_p` must be >= 0.0 and <= 1.0. Given: " + bad);
    }
    for (float bad : new float[] {-101, 100.5f, Float.NaN}) {
      assertRefused(
          () -> biased(Map.of(3, bad)),
          "`logit_bias` must be >= -100.0 and <= 100.0. Given: %s for the token 3".formatted(bad));
    }
    Map<Integer, Float> many =
        IntStream.range(0, 1025).boxed().collect(Collectors.toMap(id -> id, _ -> 1f));
    assertRefused(() -> biased(many), "`logit_bias` must have at most 1024 tokens. Given: 1025");
  }

  private static SamplingParameters biased(Map<Integer, Float> bias) {
    return new SamplingParameters(
        false, null, null, null, null, null, null, null, null, null, bias, null);
  }

  private static void assertRefused(ThrowingCallable creation, String message) {
    assertThatThrownBy(creation).isInstanceOf(InvalidInput.class).hasMessage(message);
  }
}
