package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Norm;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Qwen 3 (arXiv:2505.09388): a Qwen 2 with a norm of each head instead of biases. */
final class Qwen3 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("qwen3", 151_936, 4096, 22_016, 32, 32, 32, 128, 32_768);

  @Override
  public Set<String> modelTypes() {
    return Set.of("qwen3");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-6);
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields
            .attention(RopeFields.read(config, fields))
            .withBiases(biases, biases)
            .with(new Attention.HeadNorm(norm, true));
    return Qwen2.blueprint(config, head, fields, attention, norm);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(GgufForm.of("qwen3", "qwen3").with(GgufForm.BIASES));
  }
}
