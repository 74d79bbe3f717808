package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.chat.Chat;
import dev.diptych.generation.KeyValueMemory;
import dev.diptych.generation.TextGenerator;
import dev.diptych.metrics.EngineMetrics;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.NamedModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import dev.diptych.torchscript.MemoryNeed;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.Precision;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** From a checkpoint folder to a warm {@link TextGenerator}. */
@Component
final class DecoderStartup {

  private static final Logger log = LoggerFactory.getLogger(DecoderStartup.class);
  private static final int WARM_UP_TOKENS = 16;

  private final DiptychSettings settings;
  private final Tokenizers tokenizers;
  private final Torch torch;
  private final EngineMetrics metrics;
  private final MemoryPlan memory;
  private final KeyValueMemory keysAndValues;

  DecoderStartup(
      DiptychSettings settings,
      Tokenizers tokenizers,
      Torch torch,
      EngineMetrics metrics,
      MemoryPlan memory,
      KeyValueMemory keysAndValues) {
    this.memory = memory;
    this.keysAndValues = keysAndValues;
    this.settings = settings;
    this.tokenizers = tokenizers;
    this.torch = torch;
    this.metrics = metrics;
  }

  /**
   * Loads a model.
   *
   * @param admitted called when memory is set aside for it
   * @throws WithoutMemory if there is none
   */
  TextGenerator start(NamedModel named, Path folder, Blueprint blueprint, Runnable admitted)
      throws IOException {
    ModelLoader loader = torch.loader(named);
    Precision precision = loader.decoderPrecision(named.precision(), blueprint);
    String name = named.name();
    KeyValueMemory.Share cache = withMemory(loader, name, blueprint, precision);
    admitted.run();
    try {
      return start(loader, name, folder, blueprint, precision, cache);
    } catch (IOException | RuntimeException | Error e) {
      cache.close();
      memory.release(name);
      throw e;
    }
  }

  /** Takes back what was set aside for the weights of a model that is closed. */
  void release(NamedModel named) {
    memory.release(named.name());
  }

  /* With as much memory for the cache as there is beside the weights. */
  private synchronized KeyValueMemory.Share withMemory(
      ModelLoader loader, String name, Blueprint blueprint, Precision precision) {
    MemoryNeed need = loader.decoderMemory(blueprint, precision);
    long usable =
        need.cachePerToken() * blueprint.context() * settings.generation().maxBatchSequences();
    long granted =
        memory.admit(
            name, need, precision.label(), blueprint.context(), keysAndValues.missing(usable));
    return keysAndValues.join(usable, granted);
  }

  private TextGenerator start(
      ModelLoader loader,
      String name,
      Path folder,
      Blueprint blueprint,
      Precision precision,
      KeyValueMemory.Share cache)
      throws IOException {
    DecoderModel model = loader.decoder(folder, blueprint, precision);
    try {
      warmUp(model);
      log.info(
          "{} is loaded as {} in {} on {}",
          name,
          blueprint.family(),
          precision.label(),
          model.backend());
      Tokenizer tokenizer = tokenizers.open(folder);
      return new TextGenerator(
          model,
          tokenizer,
          Chat.read(folder, tokenizer),
          GenerationDefaults.read(folder, tokenizer.endId(), model.vocabularySize()),
          settings.generation(),
          name,
          precision.label(),
          torch.deviceName(),
          cache,
          metrics.decoder(name));
    } catch (IOException | RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** Faults the weights in and lets the kernels build their caches. */
  private static void warmUp(DecoderModel model) {
    int length = Math.min(WARM_UP_TOKENS, model.contextLength() - 1);
    model.reserve(1, length + 1);
    float[] logits = new float[model.vocabularySize()];
    model.prefill(0, 0, new int[length], 1, logits);
    model.decode(1, new int[] {1}, new int[1], new int[] {length}, logits);
  }
}
