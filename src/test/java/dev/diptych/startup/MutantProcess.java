package dev.diptych.startup;

import dev.diptych.DiptychException;
import dev.diptych.DiptychSettings;
import dev.diptych.Platform;
import dev.diptych.checkpoint.GgufModel;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.FillMaskOptions;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Permits;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.KeyValueMemory;
import dev.diptych.generation.TextGenerator;
import dev.diptych.metrics.EngineMetrics;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.model.family.GgufConfiguration;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;

/**
 * Loads mutated checkpoints one after another and computes with those that are not refused, in a
 * process of its own, as what it looks for may end the process. Says each seed before it begins.
 */
final class MutantProcess {

  static final String SEED = "seed ";
  static final String SERVED = "served";
  static final String REFUSED = "refused: ";
  static final String FAILED = "FAILED: ";

  private static final DiptychSettings SETTINGS =
      new Binder(
              new MapConfigurationPropertySource(
                  Map.of(
                      "diptych.models.precision", "float32",
                      "diptych.models.keep-prepared", "false",
                      "diptych.generation.cache-memory", "64MB")))
          .bindOrCreate("diptych", DiptychSettings.class);

  private final Torch torch = new Torch(SETTINGS, Platform.current());

  /** Two arguments: the first seed and the one behind the last. */
  public static void main(String[] arguments) throws IOException {
    MutantProcess process = new MutantProcess();
    Path work = Files.createTempDirectory("mutant");
    long end = Long.parseLong(arguments[1]);
    for (long seed = Long.parseLong(arguments[0]); seed < end; seed++) {
      Path folder = Files.createDirectory(work.resolve(Long.toString(seed)));
      System.out.println(SEED + seed + " " + MutantCheckpoint.write(seed, folder));
      System.out.println(process.outcome(folder));
      FileSystemUtils.deleteRecursively(folder);
    }
    FileSystemUtils.deleteRecursively(work);
    System.exit(0);
  }

  private String outcome(Path folder) {
    try {
      serve(folder);
      return SERVED;
    } catch (Throwable e) { // also what native libraries throw
      String message = e.getMessage();
      return isRefusal(e) && message != null && !message.isBlank()
          ? REFUSED + oneLine(message)
          : FAILED + oneLine(e + " at " + List.of(e.getStackTrace()));
    }
  }

  /* What Diptych's own checks throw; anything else was not foreseen. */
  private static boolean isRefusal(Throwable e) {
    boolean argument =
        e.getClass() == IllegalArgumentException.class
            || e.getClass() == IllegalStateException.class;
    return e instanceof IOException
        || e instanceof DiptychException
        || (argument && e.getStackTrace()[0].getClassName().startsWith("dev.diptych."));
  }

  private static String oneLine(String text) {
    return text.substring(0, Math.min(text.length(), 1500)).replaceAll("\\s+", " ");
  }

  private void serve(Path mutant) throws IOException, InterruptedException {
    Path folder = mutant;
    if (Files.exists(MutantCheckpoint.ggufOf(mutant))) {
      folder = Files.createDirectory(mutant.resolve("imported"));
      GgufModel model = GgufModel.read(MutantCheckpoint.ggufOf(mutant));
      model.writeFiles(folder, GgufConfiguration.of(model));
      Files.createSymbolicLink(
          folder.resolve("model.gguf"), MutantCheckpoint.ggufOf(mutant).toAbsolutePath());
    }
    try (Tokenizers tokenizers = new Tokenizers()) {
      Blueprint blueprint = BlueprintReader.read(folder);
      if (blueprint.head() instanceof Head.LanguageModel) {
        decode(folder, blueprint, tokenizers);
      } else {
        encode(folder, blueprint, tokenizers);
      }
    }
  }

  private static NamedModel mutant(Role role) {
    return new NamedModel("mutant", List.of(), "mutant", Set.of(role), false, "float32", "pytorch");
  }

  private void decode(Path folder, Blueprint blueprint, Tokenizers tokenizers)
      throws IOException, InterruptedException {
    MemoryPlan plan = MemoryPlan.ofThisMachine();
    DecoderStartup startup =
        new DecoderStartup(
            SETTINGS,
            tokenizers,
            torch,
            EngineMetrics.unseen(),
            plan,
            new KeyValueMemory(SETTINGS.generation().cacheMemory().toBytes(), plan::releaseCache));
    try (TextGenerator generator =
            startup.start(mutant(Role.GENERATE), folder, blueprint, () -> {});
        Generation generation =
            generator.start(GenerationRequest.greedy("The cat sat on the é 日", 5))) {
      generation.result();
    }
  }

  private void encode(Path folder, Blueprint blueprint, Tokenizers tokenizers) throws IOException {
    EncoderStartup startup =
        new EncoderStartup(
            SETTINGS, tokenizers, torch, EngineMetrics.unseen(), MemoryPlan.ofThisMachine());
    EncoderStartup.LoadedEncoder encoder =
        startup.load(mutant(Role.EMBED), folder, blueprint, () -> {});
    try {
      Embedder embedder = startup.embedder(encoder);
      embedder.embed(
          List.of(new EmbedInput.Text("A cat.")),
          TextOptions.DEFAULT,
          VectorOptions.DEFAULT,
          Permits::close);
      embedder.tokenize(List.of("A cät."), true, null, Permits::close);
      MaskFiller filler = startup.maskFiller(encoder);
      filler.fill(List.of("The [MASK] sat<mask>."), FillMaskOptions.DEFAULT, Permits::close);
    } finally {
      encoder.engine().close();
    }
  }
}
