package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The Pooling module of a sentence-transformers model.
 *
 * @param poolings whose outcomes stand one behind the other in a vector
 * @param poolsPrompts whether the tokens of a prompt are pooled too
 */
record PoolingModule(List<Pooling> poolings, boolean poolsPrompts) {

  /** What is done when nothing is said. */
  static final PoolingModule USUAL = new PoolingModule(List.of(Pooling.MEAN), true);

  private static final int MOST = 6;

  /** A pooling under its name and the flag that it had before, in the order of those. */
  private record Mode(String name, String flag, Pooling pooling) {}

  private static final List<Mode> MODES =
      List.of(
          new Mode("cls", "pooling_mode_cls_token", Pooling.CLS),
          new Mode("max", "pooling_mode_max_tokens", Pooling.MAX),
          new Mode("mean", "pooling_mode_mean_tokens", Pooling.MEAN),
          new Mode(
              "mean_sqrt_len_tokens",
              "pooling_mode_mean_sqrt_len_tokens",
              Pooling.MEAN_SQRT_LENGTH),
          new Mode("weightedmean", "pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN),
          new Mode("lasttoken", "pooling_mode_lasttoken", Pooling.LAST_TOKEN));

  PoolingModule {
    poolings = List.copyOf(poolings);
  }

  static PoolingModule read(ConfigFile config) throws IOException {
    List<Pooling> poolings = poolings(config);
    PoolingModule module = new PoolingModule(poolings, config.flag(true, "include_prompt"));
    SentenceEmbedding.tellUnknown(
        config, Set.of("word_embedding_dimension", "embedding_dimension"));
    return module;
  }

  /* The new field goes before the old ones; the mean when nothing is said. */
  private static List<Pooling> poolings(ConfigFile config) throws IOException {
    List<Pooling> flagged = new ArrayList<>();
    for (Mode mode : MODES) {
      if (config.flag(false, mode.flag)) {
        flagged.add(mode.pooling);
      }
    }
    for (String field : config.fields()) {
      if (field.startsWith("pooling_mode_")
          && MODES.stream().noneMatch(mode -> mode.flag.equals(field))) {
        config.refuse(field, "this pooling is not known");
      }
    }
    JsonNode named = config.find("pooling_mode");
    if (named == null) {
      return flagged.isEmpty() ? USUAL.poolings : flagged;
    }
    if (!named.isArray()) {
      return List.of(named(config, named));
    }
    if (named.isEmpty() || named.size() > MOST) {
      throw new IOException(
          "%s: pooling_mode must have 1 to %d poolings (got %d)"
              .formatted(config.name(), MOST, named.size()));
    }
    List<Pooling> poolings = new ArrayList<>();
    for (JsonNode one : named) {
      poolings.add(named(config, one));
    }
    return poolings;
  }

  private static Pooling named(ConfigFile config, @Nullable JsonNode name) throws IOException {
    for (Mode mode : MODES) {
      if (name != null && name.isString() && mode.name.equals(name.stringValue())) {
        return mode.pooling;
      }
    }
    throw new IOException(
        "%s: pooling_mode %s is not supported (supported: %s)"
            .formatted(
                config.name(),
                shortened(name),
                String.join(", ", MODES.stream().map(Mode::name).toList())));
  }
}
