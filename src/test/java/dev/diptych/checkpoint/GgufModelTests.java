package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a GGUF file made of a Hugging Face checkpoint says beside its weights. */
class GgufModelTests {

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

  private GgufModel model(GgufFile file) throws IOException {
    return GgufModel.read(file.write(folder.resolve("model.gguf")));
  }

  private void assertRefused(GgufFile file, String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> model(file).writeFiles(target, Map.of()))
        .withMessageContainingAll(parts);
  }

  @Test
  void writesTheTokenizerAndTheIdsOfSpecialTokens() throws IOException {
    model(withWeights(withTokenizer(architecture("llama"), "smollm")))
        .writeFiles(target, Map.of("model_type", "llama"));

    JsonNode tokenizer = json(target.resolve("tokenizer.json"));
    JsonNode original = json(ORIGINAL.resolve("tokenizer.json"));
    assertThat(tokenizer.at("/model/vocab")).isEqualTo(original.at("/model/vocab"));
    assertThat(tokenizer.get("added_tokens")).isEqualTo(original.get("added_tokens"));
    assertThat(tokenizer.at("/model/merges/0").asString()).isEqualTo("h e");
    assertThat(tokenizer.at("/pre_tokenizer/pretokenizers/0/type").asString()).isEqualTo("Digits");
    assertThat(tokenizer.has("post_processor")).isFalse();
    JsonNode of = json(target.resolve("tokenizer_config.json"));
    assertThat(of.get("bos_token").asString()).isEqualTo("<|im_start|>");
    assertThat(of.get("chat_template").asString()).isEqualTo("{{ messages }}");
    assertThat(of.get("add_bos_token").asBoolean()).isFalse();
    assertThat(json(target.resolve("config.json")).toString())
        .isEqualTo("{\"model_type\":\"llama\",\"bos_token_id\":1,\"eos_token_id\":2}");
    assertThat(json(target.resolve("generation_config.json")).get("eos_token_id").toString())
        .isEqualTo("[2,0]");
  }

  @Test
  void namesTheTypesOfQwen2sTokenizer() throws IOException {
    model(withWeights(withTokenizer(architecture("qwen2"), "qwen2"))).writeFiles(target, Map.of());

    assertThat(json(target.resolve("tokenizer.json")).at("/normalizer/type").asString())
        .isEqualTo("NFC");
  }

  @ParameterizedTest
  @CsvSource({
    "phi-2,ByteLevel,false",
    "refact,Digits,false",
    "llama-bpe,Split,true",
    "dbrx,Split,false",
    "deepseek-r1-qwen,Split,false",
    "stablelm2,Split,false",
    "tekken,Split,true",
    "gpt-4o,Split,false",
    "falcon,Punctuation,false"
  })
  void knowsThePreTokenizersOfTheFamilies(String pre, String first, boolean ignoresMerges)
      throws IOException {
    model(withWeights(withTokenizer(architecture("llama"), pre))).writeFiles(target, Map.of());

    JsonNode tokenizer = json(target.resolve("tokenizer.json"));
    assertThat(tokenizer.at("/pre_tokenizer/pretokenizers/0/type").asString()).isEqualTo(first);
    assertThat(tokenizer.at("/model/ignore_merges").asBoolean()).isEqualTo(ignoresMerges);
    assertThat(tokenizer.has("normalizer")).isEqualTo(pre.endsWith("qwen"));
  }

  @Test
  void refusesTokenizersThatItDoesNotKnow() throws IOException {
    assertRefused(
        withWeights(withTokenizer(architecture("llama"), "abacus")), "'abacus'", "smollm");
    assertRefused(withWeights(architecture("llama")), "tokenizer.ggml.tokens");
  }

  @Test
  void refusesMoreTokensThanEmbeddings() throws IOException {
    assertRefused(
        withTokenizer(new GgufFile(), "gpt-2").floats("token_embd.weight", new float[20], 10, 2),
        "507 tokens, but only 10 embeddings");
  }

  @Test
  void readsSmallVectors() throws IOException {
    GgufModel model =
        model(
            new GgufFile()
                .floats("before", new float[] {7}, 1)
                .floats("v", new float[] {1, 2.5f, -3}, 3)
                .tensor("q", GgmlType.Q8_0, new byte[34], 32));

    assertThat(model.vector("v")).containsExactly(1, 2.5f, -3);
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> model.vector("q"))
        .withMessageContainingAll("'q'", "Q8_0 of shape [32]");
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> model.vector("none"))
        .withMessageContainingAll("'none'", "missing");
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
                    "b",
                    "<eos>"))
            .wholes("tokenizer.ggml.token_type", 2, 3, 3, 1, 1, 1, 3, 4, 1, 4)
            .reals("tokenizer.ggml.scores", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            .whole("tokenizer.ggml.eom_token_id", 8);
    GgufMetadata metadata = Gguf.read(file.write(folder.resolve("m.gguf")), _ -> true).metadata();
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
