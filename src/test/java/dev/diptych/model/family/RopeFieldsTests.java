package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RopeFieldsTests {

  @TempDir private Path folder;

  private @Nullable RotaryEmbedding read(String field, String json) throws IOException {
    var config = Configs.with("llama", "rope_parameters", "");
    config.put("rope_theta", 5000.0);
    config.setAll(Configs.with("llama", field, json).retain(field));
    return rotary(Configs.read(folder, config));
  }

  private static @Nullable RotaryEmbedding rotary(Blueprint blueprint) {
    return blueprint.layers().getFirst().attention().positions()
            instanceof Positions.Rotary(var rotary, var _)
        ? rotary
        : null;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rope_scaling | {\"type\": \"linear\", \"factor\": 4.0}",
        "rope_scaling | {\"rope_type\": \"linear\", \"type\": \"linear\", \"factor\": 4}",
        "rope_parameters | {\"rope_type\": \"linear\", \"factor\": 4.0}"
      })
  void linearScalingIsReadInEverySpelling(String field, String json) throws IOException {
    assertThat(read(field, json))
        .isEqualTo(new RotaryEmbedding(16, 5000, new RotaryEmbedding.Linear(4)));
  }

  @Test
  void linearScalingSlowsEveryFrequencyDownAlike() {
    float[] plain = new RotaryEmbedding(16, 10_000, null).frequencies();
    float[] slow = new RotaryEmbedding(16, 10_000, new RotaryEmbedding.Linear(4)).frequencies();
    for (int i = 0; i < plain.length; i++) {
      assertThat(slow[i]).isEqualTo(plain[i] / 4, within(1e-6f * plain[i]));
    }
  }

  @Test
  void ofAnInnerAndAnOuterThetaTheInnerGoesFirst() throws IOException {
    assertThat(read("rope_parameters", "{\"rope_theta\": 70.0}"))
        .isEqualTo(new RotaryEmbedding(16, 70, null));
  }

  @Test
  void llama3sOriginalContextMayBeTheContext() throws IOException {
    String json =
        "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\":"
            + " 4}";
    assertThat(read("rope_scaling", json))
        .isEqualTo(new RotaryEmbedding(16, 5000, new RotaryEmbedding.Llama3(8, 1, 4, 512)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"linear\"}",
        "{\"type\": \"linear\", \"factor\": 0}",
        "{\"type\": \"linear\", \"factor\": -2}",
        "{\"type\": \"linear\", \"factor\": \"4\"}",
        "{\"type\": \"linear\", \"factor\": 4, \"attention_factor\": 2}",
        "{\"type\": \"ntk\", \"factor\": 4}",
        "{\"type\": \"llama3\", \"factor\": 4, \"low_freq_factor\": 4}",
        "{\"type\": 4}"
      })
  void aScalingThatCannotBeMeantIsRefused(String json) {
    assertThatIOException()
        .isThrownBy(() -> read("rope_scaling", json))
        .withMessageContaining("rope_scaling");
  }

  @Test
  void twoScalingsThatDifferAreRefused() {
    var config = Configs.complete("llama");
    config.putObject("rope_scaling").put("type", "linear").put("factor", 2.0);
    assertThatIOException()
        .isThrownBy(() -> Configs.read(folder, config))
        .withMessageContaining("rope_scaling, which differ");
  }
}
