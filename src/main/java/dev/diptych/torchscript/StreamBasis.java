package dev.diptych.torchscript;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Residual;
import java.util.ArrayList;
import java.util.List;

/** What the norms of a blueprint allow to do with the basis of its stream of hidden states. */
final class StreamBasis {

  private StreamBasis() {}

  /**
   * Whether the norms that parts and the head read through can go into their weights: all are root
   * mean squares with one epsilon.
   */
  static boolean normsFold(Blueprint blueprint) {
    if (!(blueprint.finalNorm() instanceof Norm.RootMeanSquare last)) {
      return false;
    }
    for (Layer layer : blueprint.layers()) {
      if (layer.parallel()) {
        return false;
      }
      for (Residual residual : List.of(layer.aroundAttention(), layer.aroundFeedForward())) {
        boolean folds =
            switch (residual.before()) {
              case Norm.None _ -> true;
              case Norm.LayerNorm _ -> false;
              case Norm.RootMeanSquare before -> before.epsilon() == last.epsilon();
            };
        if (!folds || !isNone(residual.behind())) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether the stream can be turned into a basis that spreads outliers over all channels, so that
   * int8 keeps its quality: all that reads it reads through norms that fold, and nothing else looks
   * at single channels.
   */
  static boolean canSpread(Blueprint blueprint) {
    Embeddings embeddings = blueprint.embeddings();
    boolean tokensAlone =
        embeddings.positions() == 0
            && embeddings.types() == 0
            && isNone(embeddings.norm())
            && embeddings.width() == blueprint.width();
    return tokensAlone
        && normsFold(blueprint)
        && blueprint.layers().stream().allMatch(StreamBasis::readsThroughNorms);
  }

  private static boolean readsThroughNorms(Layer layer) {
    List<Residual> residuals = new ArrayList<>();
    residuals.add(layer.aroundAttention());
    residuals.add(layer.aroundFeedForward());
    return layer.feedForward().gated()
        && residuals.stream()
            .allMatch(residual -> !isNone(residual.before()) && isNone(residual.after()));
  }

  private static boolean isNone(Norm norm) {
    return norm instanceof Norm.None;
  }
}
