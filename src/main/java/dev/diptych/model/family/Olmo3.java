package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;

/** OLMo 3: an OLMo 2, three of four layers of which have a window and rotations of their own. */
final class Olmo3 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("olmo3", 50_304, 4096, 11_008, 32, 32, 0, 0, 2048);
  private static final double USUAL_THETA = 500_000;

  @Override
  public Set<String> modelTypes() {
    return Set.of("olmo3");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Windows windows = Windows.read(config, fields, 4096, layer -> (layer + 1) % 4 != 0);
    double theta = config.positive(USUAL_THETA, "rope_theta");
    Positions near = positions(config, fields, "sliding_attention", USUAL_THETA);
    Positions far = positions(config, fields, "full_attention", theta);
    return Olmo2.blueprint(
        config, head, fields, windows, layer -> windows.isSliding(layer) ? near : far);
  }

  private static Positions positions(
      ConfigFile config, DecoderFields fields, String layerType, double usualTheta)
      throws IOException {
    return new Positions.Rotary(
        RopeFields.ofType(config, layerType, fields.headWidth(), fields.context(), usualTheta));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return new Olmo2().weights(blueprint);
  }
}
