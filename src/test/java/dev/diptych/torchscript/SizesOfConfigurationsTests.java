package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.kernel.DecoderShape;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.kernel.EncoderShape;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes of all magnitudes are refused, or all that is made of them fits. */
class SizesOfConfigurationsTests {

  private static final int CONFIGURATIONS = 4000;
  private static final List<String> OF_LLAMA =
      List.of(
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "max_position_embeddings");
  private static final List<String> OF_BERT =
      List.of(
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "max_position_embeddings",
          "type_vocab_size",
          "pad_token_id");
  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "llama", OF_LLAMA,
          "qwen2", OF_LLAMA,
          "bert", OF_BERT,
          "roberta", OF_BERT,
          "gpt2", List.of("vocab_size", "n_embd", "n_head", "n_layer", "n_inner", "n_positions"),
          "distilbert",
              List.of(
                  "vocab_size",
                  "dim",
                  "n_heads",
                  "n_layers",
                  "hidden_dim",
                  "max_position_embeddings"));
  private static final List<String> TYPES = FIELDS.keySet().stream().sorted().toList();

  @TempDir private Path folder;

  private static String configuration(Random random) {
    String type = TYPES.get(random.nextInt(TYPES.size()));
    StringBuilder json = new StringBuilder("{\"model_type\": \"%s\"".formatted(type));
    for (String field : Objects.requireNonNull(FIELDS.get(type))) {
      json.append(", \"").append(field).append("\": ").append(size(random));
    }
    return json.append("}").toString();
  }

  /* Mostly powers of two, so that one is often a multiple of another. */
  private static long size(Random random) {
    long size = 1L << random.nextInt(random.nextInt(8) == 0 ? 40 : 14);
    return switch (random.nextInt(40)) {
      case 0 -> size - 1;
      case 1 -> -size;
      case 2 -> 3 * size;
      default -> size;
    };
  }

  @Test
  void whatIsAcceptedFits() throws IOException {
    Random random = new Random(20);
    int accepted = 0;
    for (int i = 0; i < CONFIGURATIONS; i++) {
      String json = configuration(random);
      Files.writeString(folder.resolve("config.json"), json);
      Blueprint blueprint;
      try {
        blueprint = BlueprintReader.read(folder);
      } catch (IOException e) {
        assertThat(e.getMessage()).as(json).isNotBlank();
        continue;
      }
      accepted++;
      fits(blueprint);
    }
    assertThat(accepted).isGreaterThan(CONFIGURATIONS / 100);
  }

  private static void fits(Blueprint blueprint) {
    assertFit(Slots.of(blueprint));
    long cached = 0;
    for (Layer layer : blueprint.layers()) {
      assertThat(layer.attention().queryWidth()).isLessThanOrEqualTo(1 << 17);
      cached += 8L * layer.attention().keyValueWidth();
    }
    assertThat(cached).isLessThan(1L << 32);
    if (MachineCodeRefusal.ofDecoder(blueprint).isEmpty()) {
      DecoderShape shape = MachineCodeDecoder.shape(blueprint);
      assertThat(DecoderWeights.blockBytes(shape)).allSatisfy(b -> assertThat(b).isPositive());
    }
    if (MachineCodeRefusal.ofEncoder(blueprint).isEmpty()) {
      EncoderShape shape = MachineCodeEncoder.shape(blueprint);
      assertThat(EncoderWeights.blockBytes(shape)).allSatisfy(b -> assertThat(b).isPositive());
    }
  }

  private static void assertFit(List<Slot> weights) {
    long elements = 0;
    for (Slot weight : weights) {
      long of = weight.shape().stream().reduce(1L, Math::multiplyExact);
      assertThat(of).isBetween(1L, 1L << 34);
      elements = Math.addExact(elements, of);
    }
    assertThat(elements).isLessThan(1L << 42);
  }
}
