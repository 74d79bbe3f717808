package dev.diptych.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diptych.checkpoint.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/** A tiny checkpoint of the tests with one or two faults; the same seed gives the same one. */
final class MutantCheckpoint {

  private static final Path ORIGINALS = Path.of("src/test/resources/checkpoints");
  private static final String GGUF = "model.gguf";
  private static final String WEIGHTS = "model.safetensors";
  private static final List<String> NAMES =
      List.of(
          "bert",
          "distilbert",
          "roberta",
          "gpt2",
          "llama-tied",
          "llama-untied",
          "llama3-rope",
          "qwen2",
          GGUF);

  /* Files of sentence-transformers, which the fixtures lack. */
  private static final Map<String, String> SENTENCE_FILES =
      Map.of(
          "modules.json",
          """
          [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
           {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
           {"idx":2,"name":"2","path":"2_Dense","type":"sentence_transformers.models.Dense"},
           {"idx":3,"name":"3","path":"3_Normalize","type":"sentence_transformers.models.Normalize"}]
          """,
          "2_Dense/config.json",
          """
          {"in_features":48,"out_features":3,"bias":true,"use_residual":false,
           "activation_function":"torch.nn.modules.activation.Tanh"}
          """,
          "1_Pooling/config.json",
          """
          {"word_embedding_dimension":48,"pooling_mode_cls_token":true,
           "pooling_mode_mean_tokens":false,"pooling_mode_max_tokens":false,
           "pooling_mode_mean_sqrt_len_tokens":false,"include_prompt":true}
          """,
          "sentence_bert_config.json",
          """
          {"max_seq_length":64,"do_lower_case":false}
          """,
          "config_sentence_transformers.json",
          """
          {"prompts":{"query":"query: "},"default_prompt_name":"query","similarity_fn_name":"cosine"}
          """);

  /* Tokenizers without tokenizer.json that say of which class they are. */
  private static final Path OLDER = Path.of("src/test/resources/older-tokenizers");
  private static final List<String> OLDER_NAMES =
      List.of("bert-cased", "mpnet", "roberta-prefix", "camembert", "llama");

  private final Random random;
  private final List<String> faults = new ArrayList<>();
  private final String name;

  private MutantCheckpoint(long seed) {
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    name = NAMES.get(random.nextInt(NAMES.size()));
  }

  /**
   * Writes the checkpoint of a seed into an empty folder.
   *
   * @return what is wrong with it
   */
  static String write(long seed, Path folder) throws IOException {
    MutantCheckpoint mutant = new MutantCheckpoint(seed);
    Map<String, byte[]> files = mutant.originals();
    for (int i = mutant.random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
      mutant.spoil(files);
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return mutant.name + ": " + String.join(", ", mutant.faults);
  }

  /** Whether the folder has a GGUF file, which must be imported first. */
  static Path ggufOf(Path folder) {
    return folder.resolve(GGUF);
  }

  private Map<String, byte[]> originals() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (name.equals(GGUF)) {
      files.put(GGUF, TinyGguf.bytes());
      return files;
    }
    try (Stream<Path> paths = Files.list(ORIGINALS.resolve(name))) {
      for (Path path : paths.sorted().toList()) {
        if (!path.endsWith("reference.json")) {
          files.put(path.getFileName().toString(), Files.readAllBytes(path));
        }
      }
    }
    if (name.endsWith("bert") || name.equals("roberta")) {
      for (String sentence : SENTENCE_FILES.keySet().stream().sorted().toList()) {
        files.put(sentence, SENTENCE_FILES.getOrDefault(sentence, "").getBytes(UTF_8));
      }
      files.put("2_Dense/" + WEIGHTS, dense(48, 3));
    }
    if (random.nextInt(4) == 0) {
      files.remove("tokenizer.json");
      files.remove("special_tokens_map.json");
      add(files, OLDER.resolve(OLDER_NAMES.get(random.nextInt(OLDER_NAMES.size()))));
    }
    return files;
  }

  private static void add(Map<String, byte[]> files, Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.sorted().toList()) {
        if (!path.endsWith("reference.json") && !path.endsWith("config.json")) {
          files.put(path.getFileName().toString(), Files.readAllBytes(path));
        }
      }
    }
  }

  private static byte[] dense(int inputs, int outputs) {
    int weight = inputs * outputs * Float.BYTES;
    int bias = outputs * Float.BYTES;
    byte[] header =
        """
        {"linear.weight":{"dtype":"F32","shape":[%d,%d],"data_offsets":[0,%d]},
         "linear.bias":{"dtype":"F32","shape":[%d],"data_offsets":[%d,%d]}}\
        """
            .formatted(outputs, inputs, weight, outputs, weight, weight + bias)
            .getBytes(UTF_8);
    return ByteBuffer.allocate(8 + header.length + weight + bias)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  private void spoil(Map<String, byte[]> files) throws IOException {
    List<String> names = List.copyOf(files.keySet());
    if (names.isEmpty()) {
      return;
    }
    String file = names.get(random.nextInt(names.size()));
    byte[] bytes = files.getOrDefault(file, new byte[0]);
    Mutation mutation = new Mutation(random);
    int kind = random.nextInt(20);
    if (kind == 0) {
      faults.add("no " + file);
      files.remove(file);
    } else if (kind == 1 && !file.equals(GGUF)) {
      String other = NAMES.get(random.nextInt(NAMES.size() - 1));
      Path foreign = ORIGINALS.resolve(other).resolve(file);
      faults.add("%s of %s".formatted(file, other));
      files.put(file, Files.exists(foreign) ? Files.readAllBytes(foreign) : bytes);
    } else if (kind < 6 || (!file.endsWith(".json") && !file.endsWith(WEIGHTS))) {
      faults.add("bytes of " + file);
      files.put(file, mutation.ofBytes(bytes));
    } else if (file.endsWith(WEIGHTS)) {
      faults.add("header of " + file);
      files.put(file, withHeader(bytes, mutation));
    } else {
      faults.add("fields of " + file);
      files.put(file, ofJson(bytes, mutation));
    }
  }

  /* A second fault may meet what the first one has broken. */
  private static byte[] ofJson(byte[] bytes, Mutation mutation) {
    try {
      return mutation.ofJson(bytes);
    } catch (JacksonException _) {
      return mutation.ofBytes(bytes);
    }
  }

  private static byte[] withHeader(byte[] file, Mutation mutation) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = file.length < 8 ? -1 : (int) buffer.getLong(0);
    if (length < 2 || length > file.length - 8) {
      return mutation.ofBytes(file);
    }
    byte[] header = ofJson(Arrays.copyOfRange(file, 8, 8 + length), mutation);
    return ByteBuffer.allocate(file.length - length + header.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(file, 8 + length, file.length - 8 - length)
        .array();
  }
}
