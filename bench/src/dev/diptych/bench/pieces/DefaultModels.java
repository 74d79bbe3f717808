package dev.diptych.bench.pieces;

import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.TorchRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The default models straight on their ports, from the store that the service has filled. The
 * service's settings for store, device and precision are taken from system properties.
 */
final class DefaultModels implements AutoCloseable {

  static final String SMOLLM2 = "smollm2-135m-instruct";
  static final String BERT = "bert-base-uncased";
  static final String MINILM = "all-minilm-l6-v2";

  private final Tokenizers tokenizers = new Tokenizers();
  private @Nullable TorchRuntime runtime;

  DefaultModels() {
    LoggingSystem.get(DefaultModels.class.getClassLoader())
        .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
  }

  Tokenizer tokenizer(String name) {
    try {
      return tokenizers.open(folder(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DecoderModel decoder(String name) {
    try {
      Path folder = folder(name);
      ModelLoader loader = loader();
      Blueprint blueprint = BlueprintReader.read(folder);
      return loader.decoder(
          folder, blueprint, loader.decoderPrecision(setting("precision", "auto"), blueprint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  EncoderModel encoder(String name) {
    try {
      Path folder = folder(name);
      ModelLoader loader = loader();
      Blueprint blueprint = BlueprintReader.read(folder);
      return loader.encoder(
          folder, blueprint, loader.encoderPrecision(setting("precision", "auto"), blueprint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelLoader loader() {
    TorchRuntime started = runtime;
    if (started == null) {
      started = TorchRuntime.on(setting("device", "auto"), Platform.current());
      runtime = started;
    }
    return new ModelLoader(started, PreparedWeights.none());
  }

  private static Path folder(String name) throws IOException {
    Path folder = Path.of(setting("store", "models"), name);
    if (!Files.exists(folder.resolve("config.json"))) {
      throw new IOException("%s is no model; the service fetches it".formatted(folder));
    }
    return folder;
  }

  private static String setting(String name, String fallback) {
    return System.getProperty("diptych.models." + name, fallback);
  }

  @Override
  public void close() {
    tokenizers.close();
    if (runtime != null) {
      runtime.close();
    }
  }
}
