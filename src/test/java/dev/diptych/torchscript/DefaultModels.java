package dev.diptych.torchscript;

import dev.diptych.DiptychApplication;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.source.ModelStore;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The default models straight on their ports, fetched into the project's store if they are not
 * there.
 */
final class DefaultModels implements AutoCloseable {

  static final String SMOLLM2 = "smollm2-135m-instruct";
  static final String BERT = "bert-base-uncased";
  static final String MINILM = "all-minilm-l6-v2";

  private final ConfigurableApplicationContext application;
  private final TorchRuntime runtime;

  DefaultModels() {
    this.application =
        new SpringApplicationBuilder(DiptychApplication.class)
            .run(
                "--server.port=0",
                "--diptych.models.generate=",
                "--diptych.models.fill-mask=",
                "--diptych.models.embed=");
    this.runtime = TorchRuntime.on("cpu");
  }

  Path folder(String name) throws IOException {
    return application.getBean(ModelStore.class).obtain(name, _ -> {});
  }

  Tokenizers tokenizers() {
    return application.getBean(Tokenizers.class);
  }

  DecoderModel decoder(String name, Precision precision) throws IOException {
    Path folder = folder(name);
    return new ModelLoader(runtime, PreparedWeights.none())
        .decoder(folder, BlueprintReader.read(folder), precision);
  }

  EncoderModel encoder(String name, Precision precision) throws IOException {
    Path folder = folder(name);
    return new ModelLoader(runtime, PreparedWeights.none())
        .encoder(folder, BlueprintReader.read(folder), precision);
  }

  /** What the real models gave elsewhere. */
  static JsonNode golden(String name) throws IOException {
    return JsonMapper.shared().readTree(Path.of("src/test/resources/golden", name + ".json"));
  }

  static int[] ints(JsonNode node) {
    return node.values().stream().mapToInt(JsonNode::intValue).toArray();
  }

  @Override
  public void close() {
    runtime.close();
    application.close();
  }
}
