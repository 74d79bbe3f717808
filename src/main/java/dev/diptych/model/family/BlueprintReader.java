package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads config.json. Each field is read by the family, known to be {@linkplain HarmlessFields
 * harmless}, or refused by name; one that Hugging Face's class does not know either is ignored as
 * there, with a warning.
 */
public final class BlueprintReader {

  private static final Logger log = LoggerFactory.getLogger(BlueprintReader.class);
  private static final String ADAPTER = "adapter_config.json";
  private static final String TYPE = "model_type";

  /* Models of texts and images by the model_type that their part for texts usually has. */
  private static final Map<String, String> WITH_IMAGES =
      Map.of("gemma3", "gemma3_text", "mistral3", "mistral");

  private BlueprintReader() {}

  /**
   * The blueprint of the checkpoint in a folder.
   *
   * @throws IOException if config.json is missing, broken, inconsistent, of an unknown family, or
   *     asks for something that is not computed here
   */
  public static Blueprint read(Path folder) throws IOException {
    if (Files.exists(folder.resolve(ADAPTER))) {
      throw new IOException(
          "the checkpoint is an adapter for another model (%s), which is not supported: merge both"
              .formatted(ADAPTER));
    }
    ConfigFile config = ConfigFile.read(folder, "config.json");
    Blueprint blueprint = read(config);
    Set<String> unknown = unknown(config);
    if (!unknown.isEmpty()) {
      log.warn(
          "config.json of {} has fields that its model_type does not have, which change nothing:"
              + " {}",
          folder.getFileName(),
          shortened(String.join(", ", unknown)));
    }
    return blueprint;
  }

  static Blueprint read(ConfigFile config) throws IOException {
    ConfigFile texts = texts(config);
    String usual = WITH_IMAGES.getOrDefault(config.text("", TYPE), "");
    Family family = Families.of(texts.text(usual, TYPE));
    if (!family.knowsOwnCode()) {
      config.refuse("auto_map", "the model needs code that comes with it, which is never run");
    }
    config.find("auto_map");
    refuseOtherComputation(config);
    refuseOtherComputation(texts);
    HeadKind head = HeadKind.read(config);
    if (texts != config && head != HeadKind.PRETRAINING) {
      throw new IOException(
          "%s: a classifier of texts and images is not supported".formatted(config.name()));
    }
    Blueprint blueprint = family.blueprint(texts, head);
    boolean gguf = texts.find(GgufConfiguration.ARCHITECTURE) != null;
    return BlueprintLimits.check(gguf ? WholeNorms.of(blueprint) : blueprint);
  }

  /** Fields that were not read and are not known. */
  static Set<String> unknown(ConfigFile config) throws IOException {
    return texts(config).unknown(HarmlessFields.NAMES);
  }

  /* What is about texts: all, except in models of texts and images. */
  private static ConfigFile texts(ConfigFile config) throws IOException {
    boolean withImages = WITH_IMAGES.containsKey(config.text("", TYPE));
    ConfigFile texts = withImages ? config.object("text_config") : null;
    return texts == null ? config : texts;
  }

  /* What any model may ask for beside its family's computation. */
  private static void refuseOtherComputation(ConfigFile config) throws IOException {
    config.refuse("quantization_config", "quantized checkpoints are not supported");
    config.refuse("compression_config", "compressed checkpoints are not supported");
    config.refuse("is_encoder_decoder", "pairs of encoder and decoder are not supported");
    config.refuse("add_cross_attention", "attention to an encoder is not supported");
    config.refuse("pruned_heads", "pruned heads are not supported");
    config.refuse("per_layer_config", "layers that differ are not supported");
    config.refuse("adapters", "adapters are not supported");
  }
}
