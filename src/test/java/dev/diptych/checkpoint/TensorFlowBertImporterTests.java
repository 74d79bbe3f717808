package dev.diptych.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports TensorFlow files that were made of a Hugging Face checkpoint, and wants the same back.
 */
class TensorFlowBertImporterTests {

  private static final Path ORIGINAL = Path.of("src/test/resources/checkpoints/bert");
  private static final int FLOAT = 1;

  @TempDir Path folder;
  private Path source = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void createFolders() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    target = Files.createDirectory(folder.resolve("target"));
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readAllBytes(file));
  }

  private static byte[] bytes(StoredTensor tensor) throws IOException {
    byte[] file = Files.readAllBytes(tensor.file());
    int begin = (int) tensor.fileOffset();
    return Arrays.copyOfRange(file, begin, begin + (int) tensor.byteLength());
  }

  private static byte[] transposed(byte[] matrix, int rows, int columns) {
    ByteBuffer result = ByteBuffer.allocate(matrix.length);
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        result.put(matrix, (row * columns + column) * Float.BYTES, Float.BYTES);
      }
    }
    return result.array();
  }

  private static TensorFlowBundle bundle(String prefix) throws IOException {
    TensorFlowBundle bundle = new TensorFlowBundle();
    for (StoredTensor tensor : Safetensors.readFolder(ORIGINAL).values()) {
      String name =
          tensor
              .name()
              .replace('.', '/')
              .replace("layer/", "layer_")
              .replace("LayerNorm/weight", "LayerNorm/gamma")
              .replace("LayerNorm/bias", "LayerNorm/beta")
              .replace("_embeddings/weight", "_embeddings")
              .replace("predictions/bias", "predictions/output_bias")
              .replaceAll("/weight$", "/kernel");
      int rows = tensor.shape().getFirst().intValue();
      if (name.endsWith("kernel")) {
        int columns = tensor.shape().getLast().intValue();
        bundle.tensor(
            prefix + name, FLOAT, transposed(bytes(tensor), rows, columns), columns, rows);
      } else {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        bundle.tensor(prefix + name, FLOAT, bytes(tensor), shape);
      }
    }
    return bundle;
  }

  private static void writeVocabulary(Path file) throws IOException {
    String[] tokens = new String[256];
    json(ORIGINAL.resolve("tokenizer.json"))
        .at("/model/vocab")
        .properties()
        .forEach(token -> tokens[token.getValue().asInt()] = token.getKey());
    Files.write(file, List.of(tokens));
  }

  private void writeRelease(String config) throws IOException {
    bundle("")
        .tensor("bert/embeddings/word_embeddings/adam_m", FLOAT, new byte[4], 1)
        .tensor("global_step", 9, new byte[8])
        .write(source, "bert_model.ckpt");
    writeVocabulary(source.resolve("vocab.txt"));
    Files.writeString(source.resolve("bert_config.json"), config);
  }

  private void importRelease() throws IOException {
    TensorFlowBertImporter.importCheckpoint(source, target, _ -> {}, ByteProgress.none());
  }

  private void assertRefused(String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(this::importRelease)
        .withMessageContainingAll(parts);
    assertThat(target).isEmptyDirectory();
  }

  private void assertSameWeights() throws IOException {
    Map<String, StoredTensor> imported = Safetensors.readFolder(target);
    Map<String, StoredTensor> original = Safetensors.readFolder(ORIGINAL);
    assertThat(imported).containsOnlyKeys(original.keySet());
    for (StoredTensor tensor : original.values()) {
      StoredTensor copy = requireNonNull(imported.get(tensor.name()));
      assertThat(copy.shape()).isEqualTo(tensor.shape());
      assertThat(bytes(copy)).as(tensor.name()).isEqualTo(bytes(tensor));
    }
  }

  @Test
  void importsTheOriginalRelease() throws IOException {
    writeRelease("{\"num_attention_heads\": 4, \"hidden_size\": 48, \"hidden_act\": \"gelu\"}");

    importRelease();

    assertSameWeights();
    JsonNode config = json(target.resolve("config.json"));
    JsonNode original = json(ORIGINAL.resolve("config.json"));
    for (String key :
        List.of(
            "architectures",
            "model_type",
            "vocab_size",
            "hidden_size",
            "intermediate_size",
            "num_hidden_layers",
            "num_attention_heads",
            "max_position_embeddings",
            "type_vocab_size",
            "hidden_act",
            "layer_norm_eps",
            "pad_token_id")) {
      assertThat(config.get(key)).as(key).isEqualTo(original.get(key));
    }
  }

  @Test
  void writesTheTokenizer() throws IOException {
    writeRelease("{\"num_attention_heads\": 4}");

    importRelease();

    JsonNode tokenizer = json(target.resolve("tokenizer.json"));
    JsonNode original = json(ORIGINAL.resolve("tokenizer.json"));
    for (String part : List.of("added_tokens", "model", "pre_tokenizer", "decoder")) {
      assertThat(tokenizer.get(part)).as(part).isEqualTo(original.get(part));
    }
    assertThat(tokenizer.at("/post_processor/single"))
        .isEqualTo(original.at("/post_processor/single"));
    assertThat(tokenizer.at("/post_processor/pair")).isEqualTo(original.at("/post_processor/pair"));
    assertThat(tokenizer.at("/normalizer/lowercase").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void importsASavedModel(boolean lowercase) throws IOException {
    Path variables = Files.createDirectory(source.resolve("variables"));
    Path assets = Files.createDirectory(source.resolve("assets"));
    Files.writeString(source.resolve("bert_config.json"), "{\"num_attention_heads\": 4}");
    bundle("module/").write(variables, "variables");
    writeVocabulary(assets.resolve("vocab.txt"));
    Files.writeString(assets.resolve("model.json"), "{\"doLowerCase\": " + lowercase + "}");

    importRelease();

    assertSameWeights();
    assertThat(json(target.resolve("tokenizer.json")).at("/normalizer/lowercase").asBoolean())
        .isEqualTo(lowercase);
  }

  @Test
  void refusesAConfigurationThatContradictsTheWeights() throws IOException {
    writeRelease("{\"num_attention_heads\": 4, \"hidden_size\": 64}");
    assertRefused("hidden_size", "64", "48");

    Files.writeString(source.resolve("bert_config.json"), "{\"num_attention_heads\": 5}");
    assertRefused("5 heads", "48");

    Files.writeString(source.resolve("bert_config.json"), "nonsense");
    assertRefused("bert_config.json", "not JSON");
  }

  @Test
  void refusesAReleaseWithoutItsParts() throws IOException {
    assertRefused("0 files *.index");
    writeRelease("{\"num_attention_heads\": 4}");
    Files.delete(source.resolve("vocab.txt"));
    assertRefused("vocab.txt");
    Files.write(source.resolve("vocab.txt"), List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
    assertRefused("[MASK]");
    Files.write(source.resolve("vocab.txt"), List.of("a", "a"));
    assertRefused("'a'", "twice");
  }

  @Test
  void refusesWeightsThatDoNotMakeTheModel() throws IOException {
    writeRelease("{\"num_attention_heads\": 4}");
    bundle("")
        .tensor("bert/encoder/layer_1/output/dense/bias", FLOAT, new byte[4], 1)
        .write(source, "bert_model.ckpt");
    assertRefused("bert.encoder.layer.1.output.dense.bias", "[1]", "[48]");
    new TensorFlowBundle()
        .tensor("bert/embeddings/word_embeddings", FLOAT, new byte[4], 1, 1)
        .write(source, "bert_model.ckpt");
    assertRefused("lacks", "bert.encoder.layer.0.intermediate.dense.weight");
  }
}
