package dev.diptych.model.blueprint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All tensors of a blueprint.
 *
 * <pre>
 * embedding.tokens .positions .types .norm .projection
 * layer.{}.attention.norm_before .query .key .value .query_norm .key_norm .position_key .position_query .output
 * layer.{}.attention.norm_after .norm_behind
 * layer.{}.feed_forward.norm_before .gate .up .down .norm_after .norm_behind
 * relative_bias  relative_embedding  relative_norm
 * norm
 * head.transform .norm .output
 * </pre>
 *
 * Each of these has {@code .weight} and, where the blueprint says so, {@code .bias}.
 */
public final class Slots {

  /** The token embeddings. */
  public static final String TOKENS = "embedding.tokens.weight";

  /** The output layer, unless it is tied to the token embeddings. */
  public static final String OUTPUT = "head.output.weight";

  private final Blueprint blueprint;
  private final List<Slot> slots = new ArrayList<>();

  private Slots(Blueprint blueprint) {
    this.blueprint = blueprint;
  }

  /** The tensors, in the order in which a forward pass reads them. */
  public static List<Slot> of(Blueprint blueprint) {
    Slots slots = new Slots(blueprint);
    slots.embeddings();
    slots.positions();
    Set<Integer> seen = new HashSet<>();
    for (Layer layer : blueprint.layers()) {
      if (seen.add(layer.weights())) {
        slots.layer(layer);
      }
    }
    slots.norm("norm", blueprint.finalNorm(), blueprint.width());
    slots.head();
    return List.copyOf(slots.slots);
  }

  private void embeddings() {
    Embeddings embeddings = blueprint.embeddings();
    int width = embeddings.width();
    slots.add(Slot.of(TOKENS, blueprint.vocabulary(), width));
    if (embeddings.positions() > 0) {
      slots.add(Slot.of("embedding.positions.weight", embeddings.positions(), width));
    }
    if (embeddings.types() > 0) {
      slots.add(Slot.of("embedding.types.weight", embeddings.types(), width));
    }
    norm("embedding.norm", embeddings.norm(), width);
    if (width != blueprint.width()) {
      linear("embedding.projection", blueprint.width(), width, true);
    }
  }

  private void positions() {
    Set<Positions> seen = new HashSet<>();
    for (Layer layer : blueprint.layers()) {
      if (seen.add(layer.attention().positions())) {
        switch (layer.attention().positions()) {
          case Positions.RelativeBias(int buckets, int _) -> {
            slots.add(Slot.of("relative_bias.weight", buckets, layer.attention().heads()));
          }
          case Positions.Disentangled disentangled -> {
            slots.add(
                Slot.of("relative_embedding.weight", 2L * disentangled.span(), blueprint.width()));
            norm("relative_norm", disentangled.norm(), blueprint.width());
          }
          case Positions.None _, Positions.Rotary _ -> {}
        }
      }
    }
  }

  private void layer(Layer layer) {
    String name = "layer." + layer.weights() + ".";
    attention(name + "attention.", layer.attention(), layer.aroundAttention());
    feedForward(name + "feed_forward.", layer.feedForward(), layer.aroundFeedForward());
  }

  private void attention(String name, Attention attention, Residual around) {
    int width = blueprint.width();
    int queries = attention.queryWidth();
    int keys = attention.keyValueWidth();
    norm(name + "norm_before", around.before(), width);
    linear(name + "query", queries, width, attention.queryBias());
    linear(name + "key", keys, width, attention.queryBias());
    linear(name + "value", keys, width, attention.queryBias());
    Attention.@Nullable HeadNorm headNorm = attention.headNorm();
    if (headNorm != null) {
      int head = attention.headWidth();
      norm(name + "query_norm", headNorm.norm(), headNorm.perHead() ? head : queries);
      norm(name + "key_norm", headNorm.norm(), headNorm.perHead() ? head : keys);
    }
    if (attention.positions() instanceof Positions.Disentangled positions && !positions.shared()) {
      if (positions.contentToPosition()) {
        linear(name + "position_key", queries, width, attention.queryBias());
      }
      if (positions.positionToContent()) {
        linear(name + "position_query", queries, width, attention.queryBias());
      }
    }
    linear(name + "output", width, queries, attention.outputBias());
    norm(name + "norm_after", around.after(), width);
    norm(name + "norm_behind", around.behind(), width);
  }

  private void feedForward(String name, FeedForward feedForward, Residual around) {
    int width = blueprint.width();
    norm(name + "norm_before", around.before(), width);
    if (feedForward.gated()) {
      linear(name + "gate", feedForward.width(), width, feedForward.upBias());
    }
    linear(name + "up", feedForward.width(), width, feedForward.upBias());
    linear(name + "down", width, feedForward.width(), feedForward.downBias());
    norm(name + "norm_after", around.after(), width);
    norm(name + "norm_behind", around.behind(), width);
  }

  private void head() {
    int width = blueprint.width();
    switch (blueprint.head()) {
      case Head.None _ -> {}
      case Head.LanguageModel head ->
          output(blueprint.vocabulary(), width, !head.tied(), head.bias());
      case Head.MaskedLanguageModel head ->
          output(blueprint.vocabulary(), transform(head.transform()), !head.tied(), head.bias());
      case Head.SequenceClassifier head ->
          output(head.labels().names().size(), transform(head.transform()), true, head.bias());
      case Head.TokenClassifier head ->
          output(head.labels().names().size(), transform(head.transform()), true, head.bias());
      case Head.QuestionAnswering head -> output(2, transform(head.transform()), true, true);
    }
  }

  private int transform(Head.@Nullable Transform transform) {
    if (transform == null) {
      return blueprint.width();
    }
    linear("head.transform", transform.width(), blueprint.width(), transform.bias());
    norm("head.norm", transform.norm(), transform.width());
    return transform.width();
  }

  private void output(int outputs, int inputs, boolean weight, boolean bias) {
    if (weight) {
      slots.add(Slot.of(OUTPUT, outputs, inputs));
    }
    if (bias) {
      slots.add(Slot.of("head.output.bias", outputs));
    }
  }

  private void linear(String name, long outputs, long inputs, boolean bias) {
    slots.add(Slot.of(name + ".weight", outputs, inputs));
    if (bias) {
      slots.add(Slot.of(name + ".bias", outputs));
    }
  }

  private void norm(String name, Norm norm, long width) {
    switch (norm) {
      case Norm.None _ -> {}
      case Norm.RootMeanSquare _ -> slots.add(Slot.of(name + ".weight", width));
      case Norm.LayerNorm(double _, boolean bias) -> {
        slots.add(Slot.of(name + ".weight", width));
        if (bias) {
          slots.add(Slot.of(name + ".bias", width));
        }
      }
    }
  }
}
