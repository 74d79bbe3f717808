package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.checkpoint.GgufModel;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All families that are known. */
public final class Families {

  private static final List<Family> ALL =
      List.of(
          // decoders
          new Gpt2(),
          new Llama(),
          new Mistral(),
          new Ministral3(),
          new Qwen2(),
          new Qwen3(),
          new SmolLm3(),
          new Gemma(),
          new Gemma2(),
          new Gemma3(),
          new Phi(),
          new Phi3(),
          new GptNeo(),
          new GptNeoX(),
          new Falcon(),
          new StableLm(),
          new StarCoder2(),
          new Olmo2(),
          new Olmo3(),
          new Granite(),
          new Exaone4(),
          // encoders
          new Albert(),
          new Bert(),
          new DebertaV2(),
          new DistilBert(),
          new Electra(),
          new EuroBert(),
          new ModernBert(),
          new Mpnet(),
          new NomicBert(),
          new Roberta());

  private Families() {}

  /**
   * The family of a {@code model_type}.
   *
   * @throws IOException if there is none
   */
  static Family of(String modelType) throws IOException {
    for (Family family : ALL) {
      if (family.modelTypes().contains(modelType)) {
        return family;
      }
    }
    String lack = RefusedFamilies.lackOf(modelType);
    if (lack != null) {
      throw new IOException(
          "model_type '%s' is not supported: it needs %s".formatted(modelType, lack));
    }
    TreeSet<String> known = new TreeSet<>();
    ALL.forEach(family -> known.addAll(family.modelTypes()));
    throw new IOException(
        "model_type '%s' is not supported (supported: %s)"
            .formatted(shortened(modelType), String.join(", ", known)));
  }

  /** Where the tensors of a blueprint are in a checkpoint. */
  public static WeightNames weights(Blueprint blueprint) throws IOException {
    return of(blueprint.family()).weights(blueprint);
  }

  /**
   * How GGUF files keep the models of an architecture.
   *
   * @throws IOException if it is not known
   */
  static GgufForm gguf(GgufModel model) throws IOException {
    String architecture = model.metadata().text("general.architecture");
    Set<String> known = new TreeSet<>();
    for (Family family : ALL) {
      for (GgufForm form : family.gguf()) {
        if (form.architecture().equals(architecture)) {
          return form;
        }
        known.add(form.architecture());
      }
    }
    throw model
        .metadata()
        .invalid(
            "the architecture '%s' is not supported; supported are %s"
                .formatted(shortened(architecture), String.join(", ", known)));
  }

  /** Where the tensors of a blueprint are in a GGUF model. */
  public static WeightNames weights(Blueprint blueprint, GgufModel model) throws IOException {
    return gguf(model).names().apply(blueprint);
  }
}
