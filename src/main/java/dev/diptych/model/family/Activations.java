package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;

/** Reads the function of a feed-forward part, by the names that Hugging Face gives them. */
final class Activations {

  private static final Map<String, Activation> BY_NAME =
      Map.ofEntries(
          Map.entry("silu", Activation.SILU),
          Map.entry("swish", Activation.SILU),
          Map.entry("gelu", Activation.GELU),
          Map.entry("gelu_python", Activation.GELU),
          Map.entry("gelu_new", Activation.GELU_TANH),
          Map.entry("gelu_fast", Activation.GELU_TANH),
          Map.entry("gelu_accurate", Activation.GELU_TANH),
          Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
          Map.entry("gelu_python_tanh", Activation.GELU_TANH),
          Map.entry("relu", Activation.RELU),
          Map.entry("tanh", Activation.TANH));

  private Activations() {}

  /**
   * The function that a field names.
   *
   * @param usual where config.json does not say
   */
  static Activation read(ConfigFile config, Activation usual, String field) throws IOException {
    String name = config.text("", field);
    if (name.isEmpty()) {
      return usual;
    }
    Activation activation = BY_NAME.get(name);
    if (activation == null) {
      throw new IOException(
          "%s: %s '%s' is not supported (supported: %s)"
              .formatted(
                  config.name(),
                  field,
                  shortened(name),
                  String.join(", ", new TreeSet<>(BY_NAME.keySet()))));
    }
    return activation;
  }
}
