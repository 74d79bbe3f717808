package dev.diptych.torchscript;

import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What machine code has no kernel for, part by part; the first that a blueprint has, is told. */
final class MachineCodeRefusal {

  private MachineCodeRefusal() {}

  /** Why a blueprint is no decoder for machine code: a Llama is one. */
  static Optional<String> ofDecoder(Blueprint blueprint) {
    Embeddings embeddings = blueprint.embeddings();
    if (embeddings.multiplier() != 1) {
      return Optional.of("no kernel for embeddings times a number");
    }
    if (!StreamBasis.canSpread(blueprint)) {
      return Optional.of("no kernel for other norms than root mean squares before each part");
    }
    for (Layer layer : blueprint.layers()) {
      Optional<String> reason =
          ofAttention(layer.attention(), true).or(() -> ofGated(layer.feedForward()));
      if (reason.isPresent()) {
        return reason;
      }
      if (!layer.equals(sameAsFirst(blueprint, layer))) {
        return Optional.of("no program for layers that differ or share weights");
      }
    }
    return switch (blueprint.head()) {
      case Head.LanguageModel(boolean _, boolean _, double multiplier, double softcap) ->
          multiplier == 1 && softcap == 0
              ? Optional.empty()
              : Optional.of("no kernel for scaled or capped logits");
      case Head.None _,
          Head.MaskedLanguageModel _,
          Head.SequenceClassifier _,
          Head.TokenClassifier _,
          Head.QuestionAnswering _ ->
          Optional.of("no kernel for another head than a language model's");
    };
  }

  /** Why a blueprint is no encoder for machine code: a BERT is one. */
  static Optional<String> ofEncoder(Blueprint blueprint) {
    Embeddings embeddings = blueprint.embeddings();
    if (embeddings.positions() == 0
        || embeddings.multiplier() != 1
        || embeddings.width() != blueprint.width()
        || !isFullNorm(embeddings.norm())
        || !(blueprint.finalNorm() instanceof Norm.None)) {
      return Optional.of("no kernel for other embeddings than a BERT's");
    }
    for (Layer layer : blueprint.layers()) {
      Optional<String> reason =
          ofAttention(layer.attention(), false).or(() -> ofPlain(layer.feedForward()));
      if (reason.isPresent()) {
        return reason;
      }
      if (!isOnlyBehind(layer.aroundAttention(), embeddings.norm())
          || !isOnlyBehind(layer.aroundFeedForward(), embeddings.norm())) {
        return Optional.of("no kernel for other norms than layer norms behind each part");
      }
      if (layer.parallel() || !layer.equals(sameAsFirst(blueprint, layer))) {
        return Optional.of("no program for layers that differ, share weights or are parallel");
      }
    }
    return switch (blueprint.head()) {
      case Head.None _ -> Optional.empty();
      case Head.MaskedLanguageModel(boolean _, Head.@Nullable Transform transform, boolean bias) ->
          bias
                  && transform != null
                  && transform.width() == blueprint.width()
                  && transform.bias()
                  && transform.activation() == Activation.GELU
                  && transform.norm().equals(embeddings.norm())
              ? Optional.empty()
              : Optional.of("no kernel for another masked language model's head than a BERT's");
      case Head.LanguageModel _,
          Head.SequenceClassifier _,
          Head.TokenClassifier _,
          Head.QuestionAnswering _ ->
          Optional.of("no kernel for a classifier's head");
    };
  }

  private static Optional<String> ofAttention(Attention attention, boolean decoder) {
    if (attention.window() > 0) {
      return Optional.of("no kernel for a sliding window");
    }
    if (attention.softcap() > 0) {
      return Optional.of("no kernel for capped scores of attention");
    }
    if (attention.headNorm() != null) {
      return Optional.of("no kernel for norms of queries and keys");
    }
    if (attention.causal() != decoder) {
      return Optional.of("no kernel for this direction of attention");
    }
    if (!decoder
        && (attention.heads() != attention.keyValueHeads()
            || !attention.queryBias()
            || !attention.outputBias()
            || attention.scale() != 1 / Math.sqrt(attention.headWidth()))) {
      return Optional.of("no kernel for other heads than a BERT's");
    }
    return switch (attention.positions()) {
      case Positions.None _ ->
          decoder ? Optional.of("no kernel for heads that do not rotate") : Optional.empty();
      case Positions.Rotary(var rotary, var growth) -> {
        if (!decoder) {
          yield Optional.of("no kernel for an encoder's heads that rotate");
        }
        yield rotary.width() == attention.headWidth() && rotary.magnitude() == 1 && growth == null
            ? Optional.empty()
            : Optional.of("no kernel for heads that rotate in part or grow");
      }
      case Positions.RelativeBias _ -> Optional.of("no kernel for relative biases");
      case Positions.Disentangled _ -> Optional.of("no kernel for disentangled attention");
    };
  }

  private static Optional<String> ofGated(FeedForward feedForward) {
    return feedForward.gated() && feedForward.activation() == Activation.SILU
        ? Optional.empty()
        : Optional.of("no kernel for another feed-forward part than one gated by silu");
  }

  private static Optional<String> ofPlain(FeedForward feedForward) {
    return !feedForward.gated()
            && feedForward.activation() == Activation.GELU
            && feedForward.upBias()
            && feedForward.downBias()
        ? Optional.empty()
        : Optional.of("no kernel for another feed-forward part than a BERT's");
  }

  private static boolean isOnlyBehind(Residual residual, Norm norm) {
    return residual.equals(Residual.behind(norm));
  }

  private static boolean isFullNorm(Norm norm) {
    return norm instanceof Norm.LayerNorm(double _, boolean bias) && bias;
  }

  /** The first layer with the weights that this one would have by its place. */
  private static Layer sameAsFirst(Blueprint blueprint, Layer layer) {
    Layer first = blueprint.layers().getFirst();
    return new Layer(
        blueprint.layers().indexOf(layer),
        first.attention(),
        first.aroundAttention(),
        first.feedForward(),
        first.aroundFeedForward(),
        first.parallel());
  }
}
