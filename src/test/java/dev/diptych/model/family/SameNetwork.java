package dev.diptych.model.family;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import dev.diptych.model.blueprint.Slot;
import java.util.List;
import java.util.stream.IntStream;

/** Brings blueprints into a form in which those that compute the same are equal. */
final class SameNetwork {

  private SameNetwork() {}

  /** The same without its family and the one that is added to norms, and with what rotations do. */
  static String of(Blueprint blueprint) {
    Blueprint whole = WholeNorms.of(blueprint);
    return new Blueprint(
            "",
            whole.vocabulary(),
            whole.width(),
            whole.context(),
            whole.embeddings(),
            whole.layers().stream().map(SameNetwork::withoutPositions).toList(),
            whole.finalNorm(),
            whole.head())
        + rotations(whole).toString();
  }

  /** Whether the weight of a slot is a norm's to which one is added. */
  static boolean addsOne(Blueprint blueprint, Slot slot) {
    boolean plusOne =
        blueprint.finalNorm() instanceof Norm.RootMeanSquare(double _, boolean adds) && adds;
    return plusOne && slot.name().contains("norm");
  }

  private static Layer withoutPositions(Layer layer) {
    return new Layer(
        layer.weights(),
        layer.attention().with(new Positions.None()),
        layer.aroundAttention(),
        layer.feedForward(),
        layer.aroundFeedForward(),
        layer.parallel());
  }

  private static List<String> rotations(Blueprint blueprint) {
    return blueprint.layers().stream()
        .map(layer -> rotation(layer.attention().positions()))
        .toList();
  }

  /* Frequencies to six digits: they may be divided by what a file keeps as float32. */
  private static String rotation(Positions positions) {
    if (!(positions instanceof Positions.Rotary(RotaryEmbedding rotary, var growth))) {
      return positions.toString();
    }
    float[] frequencies = rotary.frequencies();
    return "%s %.5g %s"
        .formatted(
            IntStream.range(0, frequencies.length)
                .mapToObj(i -> "%.5e".formatted(frequencies[i]))
                .toList(),
            rotary.magnitude(),
            growth);
  }
}
