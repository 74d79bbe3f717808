package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The modules of a sentence-transformers model, as modules.json lists them: a Transformer, a
 * Pooling and, at will, Dense and Normalize in any order. Any other that would compute something is
 * refused by name.
 *
 * @param steps what is done with a pooled vector
 */
record SentenceModules(PoolingModule pooling, List<VectorStep> steps) {

  private static final Logger log = LoggerFactory.getLogger(SentenceModules.class);
  private static final String LIST = "modules.json";
  private static final String CONFIGURATION = "config.json";
  private static final String USUAL_POOLING = "1_Pooling/" + CONFIGURATION;
  private static final String SPLADE = "SpladePooling";
  private static final Set<String> TRANSFORMERS = Set.of("Transformer", "MLMTransformer");
  private static final String VECTOR = "sentence_embedding";
  private static final int MOST_MODULES = 16;
  private static final Pattern INSIDE =
      Pattern.compile("(?!.*\\.\\.)[\\w.-][\\w .-]*(/[\\w .-]+)*/?|");

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
    PoolingModule pooling = null;
    List<VectorStep> steps = new ArrayList<>();
    for (Module module : modules.subList(1, modules.size())) {
      switch (module.name()) {
        case "Pooling" -> {
          if (pooling != null) {
            throw new IOException("%s: more than one Pooling is not supported".formatted(LIST));
          }
          pooling = PoolingModule.read(ConfigFile.read(folder, module.configuration()));
        }
        case "Dense" -> {
          requirePooled(pooling, module);
          steps.add(dense(ConfigFile.read(folder, module.configuration()), module.path()));
        }
        case "Normalize" -> {
          requirePooled(pooling, module);
          requireOfVectors(ConfigFile.readIfPresent(folder, module.configuration()));
          steps.add(new VectorStep.Normalize());
        }
        case "Dropout" -> {} // which only training has
        default ->
            throw new IOException(
                "%s: the module %s (%s) is not supported (supported: Transformer, Pooling, Dense, Normalize)"
                    .formatted(LIST, shortened(module.type()), shortened(module.path())));
      }
    }
    if (pooling == null) {
      throw new IOException(
          "%s has no Pooling, without which a text has no vector".formatted(LIST));
    }
    return new SentenceModules(pooling, List.copyOf(steps));
  }

  /** The configuration of the first module of a class, if the checkpoint lists one. */
  static Optional<ConfigFile> configuration(Path folder, String name) throws IOException {
    JsonNode list = CheckpointJson.readIfPresent(folder, LIST);
    for (Module module : list == null ? List.<Module>of() : modules(list)) {
      if (module.name().equals(name)) {
        return Optional.of(ConfigFile.read(folder, module.configuration()));
      }
    }
    return Optional.empty();
  }

  /** Whether a checkpoint lists the pooling of SPLADE. */
  static boolean isSparse(Path folder) {
    try {
      JsonNode list = CheckpointJson.readIfPresent(folder, LIST);
      return list != null
          && modules(list).stream().anyMatch(module -> module.name().equals(SPLADE));
    } catch (IOException _) {
      return false; // whoever reads the list says what is wrong with it
    }
  }

  /**
   * The modules of a sparse encoder: a Transformer for masks and SPLADE's pooling, which are meant
   * too where there is no list.
   */
  static SentenceModules readSparse(Path folder) throws IOException {
    JsonNode list = CheckpointJson.readIfPresent(folder, LIST);
    List<Module> modules = list == null ? List.of() : modules(list);
    if (list != null
        && (modules.size() != 2
            || !TRANSFORMERS.contains(modules.getFirst().name())
            || !modules.getFirst().path().isEmpty()
            || !modules.getLast().name().equals(SPLADE))) {
      throw new IOException(
          "%s: sparse vectors take a Transformer at the top and a %s, not %s"
              .formatted(LIST, SPLADE, shortened(modules.stream().map(Module::name).toList())));
    }
    ConfigFile pooling =
        list == null ? null : ConfigFile.readIfPresent(folder, modules.getLast().configuration());
    if (pooling != null) {
      pooling.oneOf("pooling_strategy", "max");
      pooling.oneOf("activation_function", "relu");
    }
    return new SentenceModules(PoolingModule.USUAL, List.of());
  }

  private static SentenceModules withoutList(Path folder) throws IOException {
    ConfigFile config = ConfigFile.readIfPresent(folder, USUAL_POOLING);
    if (Files.isDirectory(folder.resolve("2_Dense"))) {
      throw new IOException(
          "the checkpoint has a Dense module (2_Dense), but no %s that says where it belongs"
              .formatted(LIST));
    }
    if (config != null) {
      return new SentenceModules(PoolingModule.read(config), List.of());
    }
    log.warn(
        "{} has no {}: its pooling is a guess, the mean of all tokens", folder.getFileName(), LIST);
    return new SentenceModules(PoolingModule.USUAL, List.of());
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
      modules.add(new Module(type, path.replaceAll("/+$", "")));
    }
    return modules;
  }

  private static String text(@Nullable JsonNode node) {
    return node == null ? "" : node.asString("");
  }

  private static void requirePooled(@Nullable PoolingModule pooling, Module module)
      throws IOException {
    if (pooling == null) {
      throw new IOException(
          "%s: the module %s (%s) before the Pooling is not supported"
              .formatted(LIST, shortened(module.type()), shortened(module.path())));
    }
  }

  private static void requireOfVectors(@Nullable ConfigFile config) throws IOException {
    if (config != null) {
      config.oneOf("module_input_name", VECTOR);
      config.oneOf("module_output_name", VECTOR);
    }
  }

  private static VectorStep dense(ConfigFile config, String folder) throws IOException {
    requireOfVectors(config);
    String activation = config.text("torch.nn.modules.activation.Tanh", "activation_function");
    VectorStep dense =
        new VectorStep.Dense(
            folder,
            config.count(SizeLimits.WIDTH, "in_features"),
            config.count(SizeLimits.WIDTH, "out_features"),
            config.flag(true, "bias"),
            DenseActivation.named(activation, config.name()),
            config.flag(false, "use_residual"));
    SentenceEmbedding.tellUnknown(config, Set.of());
    return dense;
  }
}
