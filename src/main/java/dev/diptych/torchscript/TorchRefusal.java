package dev.diptych.torchscript;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;

/** What decoder.py and encoder.py do not compute. */
final class TorchRefusal {

  private TorchRefusal() {}

  static void checkDecoder(Blueprint blueprint) throws InvalidCheckpoint {
    Embeddings embeddings = blueprint.embeddings();
    refuse(!(embeddings.norm() instanceof Norm.None), blueprint, "a norm of the embeddings");
    refuse(embeddings.types() > 0, blueprint, "segments");
    refuse(embeddings.width() != blueprint.width(), blueprint, "projected embeddings");
    refuse(
        !(blueprint.head() instanceof Head.LanguageModel), blueprint, "no language model's head");
    for (Layer layer : blueprint.layers()) {
      refuse(!layer.attention().causal(), blueprint, "attention to what is behind a token");
      refuse(
          !(layer.aroundAttention().behind() instanceof Norm.None)
              || !(layer.aroundFeedForward().behind() instanceof Norm.None),
          blueprint,
          "norms behind the sums");
      switch (layer.attention().positions()) {
        case Positions.None _, Positions.Rotary _ -> {}
        case Positions.RelativeBias _ -> refuse(true, blueprint, "relative biases");
        case Positions.Disentangled _ -> refuse(true, blueprint, "disentangled attention");
      }
    }
    checkHeads(blueprint);
  }

  static void checkEncoder(Blueprint blueprint) throws InvalidCheckpoint {
    Positions first = blueprint.layers().getFirst().attention().positions();
    for (Layer layer : blueprint.layers()) {
      refuse(layer.attention().softcap() > 0, blueprint, "capped scores of attention");
      switch (layer.attention().positions()) {
        case Positions.None _ -> {}
        case Positions.Rotary(var _, var growth) ->
            refuse(growth != null, blueprint, "queries that grow with their position");
        case Positions.RelativeBias _, Positions.Disentangled _ -> {
          refuse(!layer.attention().positions().equals(first), blueprint, "distances that differ");
          refuse(
              layer.attention().causal() || layer.attention().window() > 0,
              blueprint,
              "distances within a window");
        }
      }
    }
    checkHeads(blueprint);
  }

  private static void checkHeads(Blueprint blueprint) throws InvalidCheckpoint {
    Attention first = blueprint.layers().getFirst().attention();
    for (Layer layer : blueprint.layers()) {
      Attention attention = layer.attention();
      refuse(
          attention.heads() != first.heads()
              || attention.keyValueHeads() != first.keyValueHeads()
              || attention.headWidth() != first.headWidth()
              || attention.causal() != first.causal(),
          blueprint,
          "layers whose heads differ");
    }
  }

  private static void refuse(boolean isSo, Blueprint blueprint, String what)
      throws InvalidCheckpoint {
    if (isSo) {
      throw new InvalidCheckpoint(
          "this model of the family %s has %s, which is not computed here"
              .formatted(blueprint.family(), what));
    }
  }
}
