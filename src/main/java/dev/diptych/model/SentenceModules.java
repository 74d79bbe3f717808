package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The modules of a sentence-transformers model, as modules.json lists them: a Transformer, a
 * Pooling and, at will, a Normalize. Any other that would compute something is refused by name.
 */
record SentenceModules(Pooling pooling, boolean poolsPrompts) {

  private static final Logger log = LoggerFactory.getLogger(SentenceModules.class);
  private static final String LIST = "modules.json";
  private static final String CONFIGURATION = "config.json";
  private static final String USUAL_POOLING = "1_Pooling/" + CONFIGURATION;
  private static final int MOST_MODULES = 16;
  private static final Pattern INSIDE =
      Pattern.compile("(?!.*\\.\\.)[\\w.-][\\w .-]*(/[\\w .-]+)*/?|");

  private static final Map<String, Pooling> MODES =
      Map.of(
          "cls", Pooling.CLS,
          "max", Pooling.MAX,
          "mean", Pooling.MEAN,
          "mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LENGTH,
          "weightedmean", Pooling.WEIGHTED_MEAN,
          "lasttoken", Pooling.LAST_TOKEN);

  private static final Map<String, Pooling> OLD_MODES =
      Map.of(
          "pooling_mode_cls_token", Pooling.CLS,
          "pooling_mode_max_tokens", Pooling.MAX,
          "pooling_mode_mean_tokens", Pooling.MEAN,
          "pooling_mode_mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LENGTH,
          "pooling_mode_weightedmean_tokens", Pooling.WEIGHTED_MEAN,
          "pooling_mode_lasttoken", Pooling.LAST_TOKEN);

  /** One line of the list. */
  private record Module(String type, String path) {

    /** The name of a class of sentence-transformers, or the whole type of another. */
    String name() {
      return type.startsWith("sentence_transformers.")
          ? type.substring(type.lastIndexOf('.') + 1)
          : type;
    }

    String configuration() {
      return path.isEmpty() ? CONFIGURATION : path + "/" + CONFIGURATION;
    }
  }

  static SentenceModules read(Path folder) throws IOException {
    JsonNode list = CheckpointJson.readIfPresent(folder, LIST);
    if (list == null) {
      return withoutList(folder);
    }
    List<Module> modules = modules(list);
    if (modules.isEmpty() || !modules.getFirst().name().equals("Transformer")) {
      throw new IOException("%s: the first module must be a Transformer".formatted(LIST));
    }
    if (!modules.getFirst().path().isEmpty()) {
      throw new IOException(
          "%s: a Transformer in the folder %s is not supported; it must be at the top"
              .formatted(LIST, shortened(modules.getFirst().path())));
    }
    SentenceModules pooling = null;
    for (Module module : modules.subList(1, modules.size())) {
      switch (module.name()) {
        case "Pooling" -> {
          if (pooling != null) {
            throw new IOException("%s: more than one Pooling is not supported".formatted(LIST));
          }
          pooling = pooling(ConfigFile.read(folder, module.configuration()));
        }
        case "Normalize" -> requireOfSentences(folder, module);
        case "Dropout" -> {} // which only training has
        default ->
            throw new IOException(
                "%s: the module %s (%s) is not supported (supported: Transformer, Pooling, Normalize)"
                    .formatted(LIST, shortened(module.type()), shortened(module.path())));
      }
    }
    if (pooling == null) {
      throw new IOException(
          "%s has no Pooling, without which a text has no vector".formatted(LIST));
    }
    return pooling;
  }

  private static SentenceModules withoutList(Path folder) throws IOException {
    ConfigFile config = ConfigFile.readIfPresent(folder, USUAL_POOLING);
    if (Files.isDirectory(folder.resolve("2_Dense"))) {
      throw new IOException("the checkpoint has a Dense module (2_Dense), which is not supported");
    }
    if (config != null) {
      return pooling(config);
    }
    log.warn(
        "{} has no {}: its pooling is a guess, the mean of all tokens", folder.getFileName(), LIST);
    return new SentenceModules(Pooling.MEAN, true);
  }

  private static List<Module> modules(JsonNode list) throws IOException {
    if (!list.isArray() || list.size() > MOST_MODULES) {
      throw new IOException(
          "%s must be a list of at most %d modules".formatted(LIST, MOST_MODULES));
    }
    List<Module> modules = new ArrayList<>();
    for (JsonNode module : list) {
      String type = text(module.get("type"));
      String path = text(module.get("path"));
      if (type.isEmpty()) {
        throw new IOException("%s: a module without type: %s".formatted(LIST, shortened(module)));
      }
      if (!INSIDE.matcher(path).matches()) {
        throw new IOException(
            "%s: the path %s leaves the checkpoint".formatted(LIST, shortened(path)));
      }
      modules.add(new Module(type, path));
    }
    return modules;
  }

  private static String text(@Nullable JsonNode node) {
    return node == null ? "" : node.asString("");
  }

  private static void requireOfSentences(Path folder, Module module) throws IOException {
    ConfigFile config = ConfigFile.readIfPresent(folder, module.configuration());
    if (config != null) {
      config.oneOf("module_input_name", "sentence_embedding");
      config.oneOf("module_output_name", "sentence_embedding");
    }
  }

  private static SentenceModules pooling(ConfigFile config) throws IOException {
    List<String> modes = modes(config);
    if (modes.size() > 1) {
      throw new IOException(
          "%s: several poolings at once are not supported: %s"
              .formatted(config.name(), String.join(", ", modes)));
    }
    boolean prompts = config.flag(true, "include_prompt");
    String mode = modes.getFirst();
    Pooling pooling = OLD_MODES.containsKey(mode) ? OLD_MODES.get(mode) : MODES.get(mode);
    if (pooling == null) {
      throw new IOException(
          "%s: pooling_mode '%s' is not supported (supported: %s)"
              .formatted(
                  config.name(),
                  shortened(mode),
                  String.join(", ", MODES.keySet().stream().sorted().toList())));
    }
    SentenceEmbedding.tellUnknown(
        config, Set.of("word_embedding_dimension", "embedding_dimension"));
    return new SentenceModules(pooling, prompts);
  }

  /* The new field goes before the old ones; the mean when nothing is said. */
  private static List<String> modes(ConfigFile config) throws IOException {
    List<String> old = new ArrayList<>();
    for (String field : OLD_MODES.keySet().stream().sorted().toList()) {
      if (config.flag(false, field)) {
        old.add(field);
      }
    }
    for (String field : config.fields()) {
      if (field.startsWith("pooling_mode_") && !OLD_MODES.containsKey(field)) {
        config.refuse(field, "this pooling is not known");
      }
    }
    JsonNode mode = config.find("pooling_mode");
    if (mode == null) {
      return old.isEmpty() ? List.of("mean") : old;
    }
    if (!mode.isArray()) {
      return List.of(config.text("", "pooling_mode"));
    }
    List<String> several = new ArrayList<>();
    for (JsonNode one : mode) {
      several.add(one.asString(""));
    }
    if (several.isEmpty()) {
      throw new IOException("%s: pooling_mode is empty".formatted(config.name()));
    }
    return several;
  }
}
