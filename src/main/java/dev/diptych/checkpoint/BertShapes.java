package dev.diptych.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Checks that the weights of a BERT are complete and fit together. */
final class BertShapes {

  private final Path index;
  private final Map<String, BertWeight> weights;

  BertShapes(Path index, Map<String, BertWeight> weights) {
    this.index = index;
    this.weights = weights;
  }

  long rows(String name) throws InvalidCheckpoint {
    return matrix(name).getFirst();
  }

  long columns(String name) throws InvalidCheckpoint {
    return matrix(name).getLast();
  }

  /** Checks embeddings and layers; the number of layers. */
  int checkLayers(long hidden, long intermediate) throws InvalidCheckpoint {
    String embeddings = "bert.embeddings.";
    for (String table : List.of("word", "position", "token_type")) {
      String name = embeddings + table + "_embeddings.weight";
      require(name, List.of(rows(name), hidden));
    }
    requireLayerNorm(embeddings, hidden);
    int layers = 0;
    while (weights.containsKey(layer(layers) + "attention.self.query.weight")) {
      checkLayer(layer(layers), hidden, intermediate);
      layers++;
    }
    if (layers == 0) {
      throw new InvalidCheckpoint(index + " holds no layers of a BERT");
    }
    for (String name : weights.keySet()) {
      if (name.startsWith("bert.encoder.layer.")) {
        int layer = Integer.parseInt(name.split("\\.", -1)[3]);
        if (layer >= layers) {
          throw new InvalidCheckpoint(
              "%s: layer %d follows a gap after %d layers".formatted(index, layer, layers));
        }
      }
    }
    return layers;
  }

  private static String layer(int number) {
    return "bert.encoder.layer." + number + ".";
  }

  private void checkLayer(String layer, long hidden, long intermediate) throws InvalidCheckpoint {
    for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
      requireLinear(layer + "attention." + part, hidden, hidden);
    }
    requireLayerNorm(layer + "attention.output.", hidden);
    requireLinear(layer + "intermediate.dense", intermediate, hidden);
    requireLinear(layer + "output.dense", hidden, intermediate);
    requireLayerNorm(layer + "output.", hidden);
  }

  /** Checks the head of the masked language model; whether there is one. */
  boolean checkMaskedLanguageModel(long hidden) throws InvalidCheckpoint {
    if (!weights.containsKey("cls.predictions.bias")) {
      return false;
    }
    require("cls.predictions.bias", List.of(rows("bert.embeddings.word_embeddings.weight")));
    requireLinear("cls.predictions.transform.dense", hidden, hidden);
    requireLayerNorm("cls.predictions.transform.", hidden);
    return true;
  }

  private void requireLinear(String name, long out, long in) throws InvalidCheckpoint {
    require(name + ".weight", List.of(out, in));
    require(name + ".bias", List.of(out));
  }

  private void requireLayerNorm(String prefix, long hidden) throws InvalidCheckpoint {
    require(prefix + "LayerNorm.weight", List.of(hidden));
    require(prefix + "LayerNorm.bias", List.of(hidden));
  }

  private List<Long> matrix(String name) throws InvalidCheckpoint {
    List<Long> shape = weight(name).shape();
    if (shape.size() != 2) {
      throw new InvalidCheckpoint(
          "%s: tensor '%s' has the shape %s; two dimensions are expected"
              .formatted(index, name, shape));
    }
    return shape;
  }

  private void require(String name, List<Long> shape) throws InvalidCheckpoint {
    if (!weight(name).shape().equals(shape)) {
      throw new InvalidCheckpoint(
          "%s: tensor '%s' has the shape %s; %s is expected"
              .formatted(index, name, weight(name).shape(), shape));
    }
  }

  private BertWeight weight(String name) throws InvalidCheckpoint {
    BertWeight weight = weights.get(name);
    if (weight == null) {
      throw new InvalidCheckpoint("%s lacks the tensor for '%s'".formatted(index, name));
    }
    return weight;
  }
}
