package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.data.Offset;
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
        "{\"type\": \"dynamic\"}",
        "{\"type\": \"yarn\", \"factor\": -4}",
        "{\"type\": \"yarn\", \"factor\": 4, \"attention_factor\": 0}",
        "{\"type\": \"yarn\", \"factor\": 4, \"rope_theta\": 1}",
        "{\"type\": \"yarn\", \"factor\": 4, \"low_freq\": 1}",
        "{\"type\": \"longrope\", \"short_factor\": [1, 1, 1, 1, 1, 1, 1, 1]}",
        "{\"type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [1]}",
        "{\"type\": \"longrope\", \"short_factor\": [1, 1, 1, 1, 1, 1, 1, 0],"
            + " \"long_factor\": [1, 1, 1, 1, 1, 1, 1, 1]}",
        "{\"type\": 4}"
      })
  void aScalingThatCannotBeMeantIsRefused(String json) {
    assertThatIOException()
        .isThrownBy(() -> read("rope_scaling", json))
        .withMessageContaining("rope_scaling");
  }

  @Test
  void dynamicScalingChangesNothingWithinTheContext() throws IOException {
    assertThat(read("rope_scaling", "{\"type\": \"dynamic\", \"factor\": 4}"))
        .isEqualTo(new RotaryEmbedding(16, 5000, null));
  }

  @Test
  void yarnsMagnitudeIsStatedOrFollowsFromItsFactors() throws IOException {
    assertThat(yarn("\"factor\": 4").magnitude()).isEqualTo(1.138629436111989, within(1e-12));
    assertThat(yarn("\"factor\": 40, \"mscale\": 0.707, \"mscale_all_dim\": 1").magnitude())
        .isEqualTo(0.9210423553163399, within(1e-12));
    assertThat(yarn("\"factor\": 40, \"mscale\": 0.707").magnitude())
        .isEqualTo(1 + 0.1 * Math.log(40), within(1e-12));
    assertThat(yarn("\"factor\": 4, \"attention_factor\": 1.5").magnitude()).isEqualTo(1.5);
    assertThat(yarn("\"original_max_position_embeddings\": 64").magnitude())
        .isEqualTo(1.2079441541679836, within(1e-12)); // 512 / 64
    assertThat(yarn("\"factor\": 0.5").magnitude()).isEqualTo(1);
  }

  @Test
  void yarnsBoundsAreStatedOrUsual() throws IOException {
    assertThat(yarn("\"factor\": 4, \"original_max_position_embeddings\": 128"))
        .isEqualTo(new RotaryEmbedding.Yarn(4, 1.138629436111989, 32, 1, 128, true));
    assertThat(yarn("\"factor\": 1, \"beta_fast\": 16, \"beta_slow\": 2, \"truncate\": false"))
        .isEqualTo(new RotaryEmbedding.Yarn(1, 1, 16, 2, 512, false));
  }

  private RotaryEmbedding.Yarn yarn(String fields) throws IOException {
    RotaryEmbedding rotary =
        read("rope_scaling", "{\"rope_type\": \"yarn\", %s}".formatted(fields));
    return (RotaryEmbedding.Yarn) Objects.requireNonNull(Objects.requireNonNull(rotary).scaling());
  }

  @ParameterizedTest
  @ValueSource(strings = {"longrope", "su", "yarn"})
  void longRopeIsReadForTheContextInWhichItsShortFactorsAreRight(String type) throws IOException {
    String changes =
        """
        {"max_position_embeddings": 131072, "original_max_position_embeddings": 4096,
         "rope_parameters": null, "partial_rotary_factor": 0.5,
         "rope_scaling": {"type": "%s", "short_factor": [1.0, 1.5, 2.0, 4],
                          "long_factor": [2.0, 3, 4, 8]}}
        """
            .formatted(type);
    Blueprint phi = FamilyConfigs.read(folder, "phi3", changes);
    RotaryEmbedding rotary = Objects.requireNonNull(rotary(phi));
    assertThat(phi.context()).isEqualTo(4096);
    assertThat(rotary.width()).isEqualTo(8);
    assertThat(rotary.magnitude()).isEqualTo(1.1902380714238083, within(1e-12));
    assertThat(rotary.frequencies())
        .containsExactly(new float[] {1, 6.666667e-2f, 5e-3f, 2.5e-4f}, Offset.offset(1e-8f));
  }

  @Test
  void longRopesMagnitudeMayBeStated() throws IOException {
    String changes =
        """
        {"max_position_embeddings": 256, "original_max_position_embeddings": 512,
         "rope_parameters": {"rope_type": "longrope", "short_factor": [1, 1, 1, 1],
           "long_factor": [2, 2, 2, 2], "partial_rotary_factor": 0.5 %s}}
        """;
    Blueprint within = FamilyConfigs.read(folder, "phi3", changes.formatted(""));
    assertThat(Objects.requireNonNull(rotary(within)).magnitude()).isEqualTo(1);
    assertThat(within.context()).isEqualTo(256);
    Blueprint stated =
        FamilyConfigs.read(folder, "phi3", changes.formatted(", \"attention_factor\": 1.25"));
    assertThat(Objects.requireNonNull(rotary(stated)).magnitude()).isEqualTo(1.25);
    Blueprint byFactor = FamilyConfigs.read(folder, "phi3", changes.formatted(", \"factor\": 32"));
    assertThat(Objects.requireNonNull(rotary(byFactor)).magnitude())
        .isEqualTo(Math.sqrt(1 + Math.log(32) / Math.log(512)), within(1e-12));
  }

  @Test
  void layersOfOneTypeMayBeStretchedAlone() throws IOException {
    String changes =
        """
        {"rope_parameters": null, "rope_theta": 500000.0,
         "rope_scaling": {"rope_type": "yarn", "factor": 8.0, "attention_factor": 1.25,
                          "original_max_position_embeddings": 64}}
        """;
    Blueprint olmo = FamilyConfigs.read(folder, "olmo3", changes);
    assertThat(rotary(olmo)).isEqualTo(new RotaryEmbedding(16, 500_000, null));
    assertThat(olmo.layers().getLast().attention().positions())
        .isEqualTo(
            new Positions.Rotary(
                new RotaryEmbedding(
                    16, 500_000, new RotaryEmbedding.Yarn(8, 1.25, 32, 1, 64, true))));
    Blueprint gemma =
        FamilyConfigs.read(
            folder,
            "gemma3",
            """
            {"rope_parameters": null, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}
            """);
    assertThat(rotary(gemma)).isEqualTo(new RotaryEmbedding(32, 10_000, null));
    assertThat(gemma.layers().getLast().attention().positions())
        .isEqualTo(
            new Positions.Rotary(
                new RotaryEmbedding(32, 1_000_000, new RotaryEmbedding.Linear(8))));
  }

  @Test
  void queriesOfAMinistralGrowFromItsOriginalContextOn() throws IOException {
    Positions usual =
        FamilyConfigs.read(folder, "ministral3", "{\"rope_parameters\": null}")
            .layers()
            .getFirst()
            .attention()
            .positions();
    assertThat(usual)
        .isEqualTo(
            new Positions.Rotary(
                new RotaryEmbedding(
                    32, 1_000_000, new RotaryEmbedding.Yarn(16, 1, 32, 1, 16_384, true)),
                new Positions.QueryGrowth(0.1, 16_384)));
    assertThat(
            FamilyConfigs.read(folder, "ministral3", "{}")
                .layers()
                .getFirst()
                .attention()
                .positions())
        .isEqualTo(usual);
    String flat =
        """
        {"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "llama_4_scaling_beta": 0.0,
          "mscale": 1.0, "mscale_all_dim": 0.0, "original_max_position_embeddings": 128}}
        """;
    assertThat(
            FamilyConfigs.read(folder, "ministral3", flat)
                .layers()
                .getFirst()
                .attention()
                .positions())
        .isEqualTo(
            new Positions.Rotary(
                new RotaryEmbedding(
                    32,
                    10_000,
                    new RotaryEmbedding.Yarn(4, 0.1 * Math.log(4) + 1, 32, 1, 128, true))));
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
