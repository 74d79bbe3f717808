package dev.diptych.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Imports a GGUF file that was made of a Hugging Face checkpoint, and wants the same back. */
class GgufImporterTests {

  private static final Path ORIGINAL = Path.of("src/test/resources/checkpoints/llama-tied");
  private static final int HEAD_SIZE = 8;

  @TempDir Path folder;
  private Path target = Path.of("");

  @BeforeEach
  void createTarget() throws IOException {
    target = Files.createDirectory(folder.resolve("target"));
  }

  static GgufFile architecture(String name) {
    return new GgufFile()
        .text("general.architecture", name)
        .whole(name + ".block_count", 3)
        .whole(name + ".context_length", 128)
        .whole(name + ".embedding_length", 48)
        .whole(name + ".feed_forward_length", 96)
        .whole(name + ".attention.head_count", 6)
        .whole(name + ".attention.head_count_kv", 2)
        .real(name + ".rope.freq_base", 100_000)
        .real(name + ".attention.layer_norm_rms_epsilon", 1e-5f);
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readAllBytes(file));
  }

  static GgufFile withTokenizer(GgufFile file, String pre) throws IOException {
    JsonNode model = json(ORIGINAL.resolve("tokenizer.json")).get("model");
    String[] tokens = new String[model.get("vocab").size()];
    model
        .get("vocab")
        .properties()
        .forEach(token -> tokens[token.getValue().asInt()] = token.getKey());
    List<String> merges = new ArrayList<>();
    model
        .get("merges")
        .forEach(pair -> merges.add(pair.get(0).asString() + " " + pair.get(1).asString()));
    int[] types = new int[tokens.length];
    Arrays.fill(types, 1);
    Arrays.fill(types, 0, 3, 3);
    return file.text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", pre)
        .texts("tokenizer.ggml.tokens", List.of(tokens))
        .wholes("tokenizer.ggml.token_type", types)
        .texts("tokenizer.ggml.merges", merges)
        .whole("tokenizer.ggml.bos_token_id", 1)
        .whole("tokenizer.ggml.eos_token_id", 2)
        .whole("tokenizer.ggml.eot_token_id", 0)
        .text("tokenizer.chat_template", "{{ messages }}");
  }

  private static byte[] bytes(StoredTensor tensor) throws IOException {
    byte[] file = Files.readAllBytes(tensor.file());
    int begin = (int) tensor.fileOffset();
    return Arrays.copyOfRange(file, begin, begin + (int) tensor.byteLength());
  }

  private static String ggufName(String name) {
    return name.replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("model.layers.", "blk.")
        .replace("input_layernorm", "attn_norm")
        .replace("post_attention_layernorm", "ffn_norm")
        .replace("self_attn.o_proj", "attn_output")
        .replaceAll("self_attn\\.([qkv])_proj", "attn_$1")
        .replaceAll("mlp\\.(gate|up|down)_proj", "ffn_$1");
  }

  /** Moves rows from (half, pair) to (pair, half) order within every head. */
  private static byte[] interleaved(byte[] rows, int rowBytes) {
    ByteBuffer result = ByteBuffer.allocate(rows.length);
    int heads = rows.length / rowBytes / HEAD_SIZE;
    for (int head = 0; head < heads; head++) {
      for (int pair = 0; pair < HEAD_SIZE / 2; pair++) {
        for (int half = 0; half < 2; half++) {
          int row = head * HEAD_SIZE + half * HEAD_SIZE / 2 + pair;
          result.put(rows, row * rowBytes, rowBytes);
        }
      }
    }
    return result.array();
  }

  static GgufFile withWeights(GgufFile file) throws IOException {
    return withWeights(file, _ -> true);
  }

  static GgufFile withWeights(GgufFile file, Predicate<String> wanted) throws IOException {
    for (StoredTensor tensor : Safetensors.readFolder(ORIGINAL).values()) {
      if (!wanted.test(tensor.name())) {
        continue;
      }
      boolean rotary = tensor.name().matches(".*[qk]_proj.weight");
      byte[] bytes = rotary ? interleaved(bytes(tensor), 48 * Float.BYTES) : bytes(tensor);
      file.tensor(
          ggufName(tensor.name()),
          GgmlType.F32,
          bytes,
          tensor.shape().stream().mapToLong(Long::longValue).toArray());
    }
    return file;
  }

  private void importFile(GgufFile file) throws IOException {
    GgufImporter.importCheckpoint(
        file.write(folder.resolve("model.gguf")), target, _ -> {}, ByteProgress.none());
  }

  private void assertRefused(GgufFile file, String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> importFile(file))
        .withMessageContainingAll(parts);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void givesBackTheWeights() throws IOException {
    List<Long> progress = new ArrayList<>();
    Path file =
        withWeights(withTokenizer(architecture("llama"), "gpt-2"))
            .write(folder.resolve("model.gguf"));

    GgufImporter.importCheckpoint(
        file,
        target,
        _ -> {},
        (done, total) -> {
          assertThat(done).isBetween(0L, total);
          progress.add(total - done);
        });

    Map<String, StoredTensor> imported = Safetensors.readFolder(target);
    Map<String, StoredTensor> original = Safetensors.readFolder(ORIGINAL);
    assertThat(imported).containsOnlyKeys(original.keySet());
    for (StoredTensor tensor : original.values()) {
      StoredTensor copy = requireNonNull(imported.get(tensor.name()));
      assertThat(copy.shape()).isEqualTo(tensor.shape());
      assertThat(bytes(copy)).as(tensor.name()).isEqualTo(bytes(tensor));
    }
    assertThat(progress).endsWith(0L);
  }

  @Test
  void tellsTheSizeOfTheWeightsBeforehand() throws IOException {
    Path file =
        withWeights(withTokenizer(architecture("llama"), "gpt-2"))
            .write(folder.resolve("model.gguf"));
    List<Long> totals = new ArrayList<>();

    GgufImporter.importCheckpoint(file, target, _ -> {}, (_, total) -> totals.add(total));

    assertThat(totals).containsOnly(GgufImporter.importedBytes(file));
  }

  @Test
  void writesTheConfiguration() throws IOException {
    importFile(withWeights(withTokenizer(architecture("llama"), "gpt-2")));

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
            "num_key_value_heads",
            "head_dim",
            "hidden_act",
            "max_position_embeddings",
            "rms_norm_eps",
            "attention_bias",
            "mlp_bias",
            "tie_word_embeddings",
            "bos_token_id",
            "eos_token_id")) {
      assertThat(config.get(key)).as(key).isEqualTo(original.get(key));
    }
    assertThat(config.get("rope_theta").asDouble()).isEqualTo(100_000);
    assertThat(config.has("rope_scaling")).isFalse();
    assertThat(json(target.resolve("generation_config.json")).get("eos_token_id").toString())
        .isEqualTo("[2,0]");
  }

  @Test
  void writesTheTokenizer() throws IOException {
    importFile(withWeights(withTokenizer(architecture("llama"), "smollm")));

    JsonNode tokenizer = json(target.resolve("tokenizer.json"));
    JsonNode original = json(ORIGINAL.resolve("tokenizer.json"));
    assertThat(tokenizer.at("/model/vocab")).isEqualTo(original.at("/model/vocab"));
    assertThat(tokenizer.get("added_tokens")).isEqualTo(original.get("added_tokens"));
    assertThat(tokenizer.at("/model/merges/0").asString()).isEqualTo("h e");
    assertThat(tokenizer.at("/pre_tokenizer/pretokenizers/0/type").asString()).isEqualTo("Digits");
    assertThat(tokenizer.has("post_processor")).isFalse();
    JsonNode config = json(target.resolve("tokenizer_config.json"));
    assertThat(config.get("bos_token").asString()).isEqualTo("<|im_start|>");
    assertThat(config.get("chat_template").asString()).isEqualTo("{{ messages }}");
    assertThat(config.get("add_bos_token").asBoolean()).isFalse();
  }

  @Test
  void keepsTheOrderOfRowsAndTheBiasesOfQwen2() throws IOException {
    GgufFile file = withTokenizer(architecture("qwen2"), "qwen2");
    Map<String, StoredTensor> original = Safetensors.readFolder(ORIGINAL);
    for (StoredTensor tensor : original.values()) {
      long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
      file.tensor(ggufName(tensor.name()), GgmlType.F32, bytes(tensor), shape);
    }
    for (int layer = 0; layer < 3; layer++) {
      String attention = "blk." + layer + ".attn_";
      file.tensor(attention + "q.bias", GgmlType.F32, new byte[48 * Float.BYTES], 48)
          .tensor(attention + "k.bias", GgmlType.F32, new byte[16 * Float.BYTES], 16)
          .tensor(attention + "v.bias", GgmlType.F32, new byte[16 * Float.BYTES], 16);
    }
    byte[] output = new byte[507 * 48 * Float.BYTES];
    importFile(file.tensor("output.weight", GgmlType.F32, output, 507, 48));

    Map<String, StoredTensor> imported = Safetensors.readFolder(target);
    String query = "model.layers.2.self_attn.q_proj.weight";
    assertThat(bytes(requireNonNull(imported.get(query))))
        .isEqualTo(bytes(requireNonNull(original.get(query))));
    assertThat(imported)
        .containsKeys("model.layers.0.self_attn.k_proj.bias", "lm_head.weight")
        .hasSize(original.size() + 10);
    JsonNode config = json(target.resolve("config.json"));
    assertThat(config.at("/architectures/0").asString()).isEqualTo("Qwen2ForCausalLM");
    assertThat(config.get("tie_word_embeddings").asBoolean()).isFalse();
    assertThat(json(target.resolve("tokenizer.json")).at("/normalizer/type").asString())
        .isEqualTo("NFC");
  }

  @Test
  void refusesOtherArchitecturesByName() {
    assertRefused(architecture("mamba"), "'mamba'", "llama and qwen2");
  }

  @Test
  void refusesWeightsThatDoNotMakeTheModel() throws IOException {
    assertRefused(withTokenizer(architecture("llama"), "gpt-2"), "token_embd.weight");
    assertRefused(withWeights(withTokenizer(architecture("qwen2"), "qwen2")), "blk.0.attn_q.bias");
    assertRefused(
        withWeights(withTokenizer(architecture("llama"), "gpt-2"))
            .tensor("blk.0.attn_q.bias", GgmlType.F32, new byte[4], 1),
        "'blk.0.attn_q.bias'",
        "does not belong");
    assertRefused(
        withWeights(architecture("llama").whole("llama.attention.key_length", 16)),
        "blk.0.attn_q.weight",
        "[96, 48]");
  }

  @Test
  void refusesHyperparametersThatItCannotServe() throws IOException {
    assertRefused(
        withWeights(architecture("llama").whole("llama.expert_count", 8)), "mixtures of experts");
    assertRefused(
        withWeights(architecture("llama").whole("llama.rope.dimension_count", 4)), "rotary");
    assertRefused(
        withWeights(architecture("llama").text("llama.rope.scaling.type", "yarn")), "'yarn'");
    assertRefused(
        withWeights(architecture("llama").whole("llama.attention.sliding_window", 64)), "64");
  }

  @Test
  void asksWhoWillReadItBeforeTheWeightsAreWritten() throws IOException {
    Path file =
        withWeights(withTokenizer(architecture("llama"), "gpt-2"))
            .write(folder.resolve("model.gguf"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                GgufImporter.importCheckpoint(
                    file,
                    target,
                    made -> {
                      assertThat(made.resolve("config.json")).exists();
                      throw new IOException("cannot serve it");
                    },
                    ByteProgress.none()))
        .withMessage("cannot serve it");
    assertThat(target.resolve("model.safetensors")).doesNotExist();
  }

  @Test
  void refusesTokenizersThatItDoesNotKnow() throws IOException {
    assertRefused(
        withWeights(withTokenizer(architecture("llama"), "tekken")), "'tekken'", "smollm");
    assertRefused(withWeights(architecture("llama")), "tokenizer.ggml.tokens");
  }

  @Test
  void tokensEndAnAnswerByKeyOrByTheirText() throws IOException {
    GgufFile file =
        architecture("llama")
            .text("tokenizer.ggml.model", "llama")
            .texts(
                "tokenizer.ggml.tokens",
                List.of(
                    "<unk>",
                    "<s>",
                    "</s>",
                    "a",
                    "<end_of_turn>",
                    "[EOS]",
                    "[EOT]",
                    "<|eot_id|>",
                    "b"))
            .wholes("tokenizer.ggml.token_type", 2, 3, 3, 1, 1, 1, 3, 4, 1)
            .reals("tokenizer.ggml.scores", 0, 0, 0, 0, 0, 0, 0, 0, 0)
            .whole("tokenizer.ggml.eom_token_id", 8);
    try (Arena arena = Arena.ofConfined()) {
      GgufMetadata metadata = Gguf.open(file.write(folder.resolve("m.gguf")), arena).metadata();
      GgufTokenizer tokenizer = GgufTokenizer.read(metadata);

      assertThat(tokenizer.generationConfiguration().get("eos_token_id"))
          .isEqualTo(List.of(2, 8, 4, 6, 7));
      assertThat(tokenizer.specialIds())
          .containsEntry("bos_token_id", 1)
          .containsEntry("eos_token_id", 2);
      JsonNode json = JsonMapper.shared().valueToTree(tokenizer.tokenizer());
      assertThat(json.path("added_tokens").valueStream())
          .filteredOn(token -> token.path("special").booleanValue())
          .extracting(token -> token.path("content").stringValue())
          .containsExactly("<unk>", "<s>", "</s>", "<end_of_turn>", "[EOT]", "<|eot_id|>");
      assertThat(
              json.path("post_processor")
                  .path("single")
                  .path(0)
                  .path("SpecialToken")
                  .path("id")
                  .stringValue())
          .isEqualTo("<s>");
    }
  }
}
