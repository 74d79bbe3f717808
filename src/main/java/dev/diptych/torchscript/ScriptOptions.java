package dev.diptych.torchscript;

import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a blueprint says beside its tensors, as the scripts read it: numbers by name. */
final class ScriptOptions {

  private final Blueprint blueprint;
  private final List<Positions.Rotary> rotaries;
  private final List<Integer> windows;

  ScriptOptions(Blueprint blueprint) {
    this.blueprint = blueprint;
    List<Positions.Rotary> rotary = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (Layer layer : blueprint.layers()) {
      Attention attention = layer.attention();
      if (attention.positions() instanceof Positions.Rotary one && !rotary.contains(one)) {
        rotary.add(one);
      }
      if (!sizes.contains(attention.window())) {
        sizes.add(attention.window());
      }
    }
    this.rotaries = List.copyOf(rotary);
    this.windows = List.copyOf(sizes);
  }

  /** How far layers look, each distance once. */
  long[] windows() {
    return windows.stream().mapToLong(Integer::longValue).toArray();
  }

  /** Radians per position of each pair of channels, for each rotation once. */
  List<float[]> frequencies() {
    return rotaries.stream().map(rotary -> rotary.rotary().frequencies()).toList();
  }

  /** Of the whole model. */
  Map<String, Double> ofModel() {
    Map<String, Double> options = new LinkedHashMap<>();
    Attention attention = blueprint.layers().getFirst().attention();
    options.put("width", (double) blueprint.width());
    options.put("layers", (double) blueprint.layers().size());
    options.put("context", (double) blueprint.context());
    options.put("heads", (double) attention.heads());
    options.put("key_value_heads", (double) attention.keyValueHeads());
    options.put("head_width", (double) attention.headWidth());
    options.put("fold", number(StreamBasis.normsFold(blueprint)));
    options.put("spread", number(StreamBasis.canSpread(blueprint)));
    options.put("embedding.multiplier", blueprint.embeddings().multiplier());
    norm(options, "embedding.norm", blueprint.embeddings().norm());
    for (int i = 0; i < rotaries.size(); i++) {
      Positions.Rotary rotary = rotaries.get(i);
      options.put("rotary." + i + ".magnitude", rotary.rotary().magnitude());
      Positions.@Nullable QueryGrowth growth = rotary.queryGrowth();
      if (growth != null) {
        options.put("rotary." + i + ".growth", growth.beta());
        options.put("rotary." + i + ".growth_context", (double) growth.context());
      }
    }
    relative(options, attention.positions());
    norm(options, "norm", blueprint.finalNorm());
    head(options);
    return options;
  }

  private static void relative(Map<String, Double> options, Positions positions) {
    double most = 0;
    switch (positions) {
      case Positions.None _, Positions.Rotary _ -> {}
      case Positions.RelativeBias bias -> most = bias.maxDistance();
      case Positions.Disentangled disentangled -> {
        most = disentangled.maxDistance();
        norm(options, "relative_norm", disentangled.norm());
      }
    }
    options.put("relative.most", most);
  }

  private void head(Map<String, Double> options) {
    double multiplier = 1;
    double softcap = 0;
    Head.@Nullable Transform transform = null;
    boolean there = true;
    switch (blueprint.head()) {
      case Head.None _ -> there = false;
      case Head.LanguageModel head -> {
        multiplier = head.multiplier();
        softcap = head.softcap();
      }
      case Head.MaskedLanguageModel head -> transform = head.transform();
      case Head.SequenceClassifier head -> transform = head.transform();
      case Head.TokenClassifier head -> transform = head.transform();
      case Head.QuestionAnswering head -> transform = head.transform();
    }
    options.put("head", number(there));
    options.put("head.multiplier", multiplier);
    options.put("head.softcap", softcap);
    options.put("head.activation", transform == null ? 0 : scriptNumber(transform.activation()));
    if (transform != null) {
      norm(options, "head.norm", transform.norm());
    }
  }

  /** Of one layer. */
  Map<String, Double> ofLayer(Layer layer) {
    Map<String, Double> options = new LinkedHashMap<>();
    Attention attention = layer.attention();
    options.put("parallel", number(layer.parallel()));
    options.put("attention.heads", (double) attention.heads());
    options.put("attention.key_value_heads", (double) attention.keyValueHeads());
    options.put("attention.head_width", (double) attention.headWidth());
    options.put("attention.scale", attention.scale());
    options.put("attention.softcap", attention.softcap());
    options.put("attention.causal", number(attention.causal()));
    options.put("attention.window", (double) windows.indexOf(attention.window()));
    boolean rotates = attention.positions() instanceof Positions.Rotary;
    options.put(
        "attention.rotary", rotates ? (double) rotaries.indexOf(attention.positions()) : -1);
    options.put(
        "attention.rotary_width",
        attention.positions() instanceof Positions.Rotary(var rotary, var _)
            ? (double) rotary.width()
            : 0);
    Positions.@Nullable Disentangled apart =
        attention.positions() instanceof Positions.Disentangled known ? known : null;
    options.put(
        "attention.content_to_position", number(apart != null && apart.contentToPosition()));
    options.put(
        "attention.position_to_content", number(apart != null && apart.positionToContent()));
    Attention.@Nullable HeadNorm headNorm = attention.headNorm();
    options.put("attention.head_norm", headNorm == null ? 0.0 : headNorm.perHead() ? 1 : 2);
    if (headNorm != null) {
      norm(options, "attention.query_norm", headNorm.norm());
    }
    residual(options, "attention.", layer.aroundAttention());
    options.put("feed_forward.gated", number(layer.feedForward().gated()));
    options.put("feed_forward.activation", scriptNumber(layer.feedForward().activation()));
    residual(options, "feed_forward.", layer.aroundFeedForward());
    return options;
  }

  private static void residual(Map<String, Double> options, String name, Residual residual) {
    options.put(name + "multiplier", residual.multiplier());
    norm(options, name + "norm_before", residual.before());
    norm(options, name + "norm_after", residual.after());
    norm(options, name + "norm_behind", residual.behind());
  }

  private static void norm(Map<String, Double> options, String name, Norm norm) {
    switch (norm) {
      case Norm.None _ -> {}
      case Norm.LayerNorm(double epsilon, boolean _) -> put(options, name, 1, epsilon, false);
      case Norm.RootMeanSquare(double epsilon, boolean plusOne) ->
          put(options, name, 2, epsilon, plusOne);
    }
  }

  private static void put(
      Map<String, Double> options, String name, double kind, double epsilon, boolean plusOne) {
    options.put(name, kind);
    options.put(name + ".epsilon", epsilon);
    options.put(name + ".plus", number(plusOne));
  }

  /** The number that layer.py gives a function. */
  private static double scriptNumber(Activation activation) {
    return switch (activation) {
      case NONE -> 0;
      case SILU -> 1;
      case GELU -> 2;
      case GELU_TANH -> 3;
      case RELU -> 4;
      case TANH -> 5;
    };
  }

  private static double number(boolean flag) {
    return flag ? 1 : 0;
  }
}
