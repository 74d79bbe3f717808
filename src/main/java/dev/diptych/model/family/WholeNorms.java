package dev.diptych.model.family;

import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Residual;
import org.jspecify.annotations.Nullable;

/** A blueprint as GGUF files mean it: they have added the one to the weights of norms. */
final class WholeNorms {

  private WholeNorms() {}

  static Blueprint of(Blueprint blueprint) {
    return new Blueprint(
        blueprint.family(),
        blueprint.vocabulary(),
        blueprint.width(),
        blueprint.context(),
        blueprint.embeddings(),
        blueprint.layers().stream().map(WholeNorms::layer).toList(),
        norm(blueprint.finalNorm()),
        blueprint.head());
  }

  private static Layer layer(Layer layer) {
    return new Layer(
        layer.weights(),
        attention(layer.attention()),
        residual(layer.aroundAttention()),
        layer.feedForward(),
        residual(layer.aroundFeedForward()),
        layer.parallel());
  }

  private static Attention attention(Attention attention) {
    Attention.@Nullable HeadNorm norm = attention.headNorm();
    return norm == null
        ? attention
        : attention.with(new Attention.HeadNorm(norm(norm.norm()), norm.perHead()));
  }

  private static Residual residual(Residual residual) {
    return new Residual(
        norm(residual.before()),
        norm(residual.after()),
        norm(residual.behind()),
        residual.multiplier());
  }

  private static Norm norm(Norm norm) {
    return norm instanceof Norm.RootMeanSquare(double epsilon, boolean _)
        ? new Norm.RootMeanSquare(epsilon)
        : norm;
  }
}
