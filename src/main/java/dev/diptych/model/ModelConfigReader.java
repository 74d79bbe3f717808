package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads config.json. Each field is read, known to be {@linkplain HarmlessFields harmless}, or
 * refused by name; one that Hugging Face's class does not know either is ignored as there, with a
 * warning.
 */
public final class ModelConfigReader {

  private static final Logger log = LoggerFactory.getLogger(ModelConfigReader.class);
  private static final String ADAPTER = "adapter_config.json";

  private ModelConfigReader() {}

  /**
   * The configuration of the checkpoint in a folder.
   *
   * @throws IOException if config.json is missing, broken, inconsistent, of an unsupported family,
   *     or asks for something that is not computed here
   */
  public static ModelConfig read(Path folder) throws IOException {
    if (Files.exists(folder.resolve(ADAPTER))) {
      throw new IOException(
          "the checkpoint is an adapter for another model (%s), which is not supported: merge both"
              .formatted(ADAPTER));
    }
    ConfigFile config = ConfigFile.read(folder, "config.json");
    ModelConfig model = read(config);
    Set<String> unknown = unknown(config);
    if (!unknown.isEmpty()) {
      log.warn(
          "config.json of {} has fields that its model_type does not have, which change nothing:"
              + " {}",
          folder.getFileName(),
          shortened(String.join(", ", unknown)));
    }
    return model;
  }

  static ModelConfig read(ConfigFile config) throws IOException {
    refuseOtherComputation(config);
    String type = config.text("", "model_type");
    return switch (type) {
      case "gpt2" -> DecoderFields.gpt2(config);
      case "llama" -> DecoderFields.llama(config);
      case "qwen2" -> DecoderFields.qwen2(config);
      case "bert" -> EncoderFields.bert(config);
      case "roberta", "xlm-roberta", "camembert" -> EncoderFields.roberta(config);
      case "distilbert" -> EncoderFields.distilbert(config);
      default ->
          throw new IOException(
              "model_type '%s' is not supported (supported: gpt2, llama, qwen2, bert, roberta, xlm-roberta, camembert, distilbert)"
                  .formatted(shortened(type)));
    };
  }

  /** Fields that were not read and are not known. */
  static Set<String> unknown(ConfigFile config) {
    return config.unknown(HarmlessFields.NAMES);
  }

  /* What any model may ask for beside its family's computation. */
  private static void refuseOtherComputation(ConfigFile config) throws IOException {
    config.refuse("auto_map", "the model needs code that comes with it, which is never run");
    config.refuse("quantization_config", "quantized checkpoints are not supported");
    config.refuse("compression_config", "compressed checkpoints are not supported");
    config.refuse("is_encoder_decoder", "pairs of encoder and decoder are not supported");
    config.refuse("add_cross_attention", "attention to an encoder is not supported");
    config.refuse("pruned_heads", "pruned heads are not supported");
    config.refuse("per_layer_config", "layers that differ are not supported");
    config.refuse("adapters", "adapters are not supported");
  }
}
