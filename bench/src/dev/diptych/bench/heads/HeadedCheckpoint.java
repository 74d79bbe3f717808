package dev.diptych.bench.heads;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.SafetensorsWriter;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An encoder with a head of random weights, whose first class is likely: what it computes means
 * nothing and takes as long as if it did.
 *
 * @param architecture as config.json names it
 * @param labels how many classes it has
 */
record HeadedCheckpoint(String name, String architecture, int labels) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> COPIED =
      List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt");
  private static final String ENCODER = "encoder.safetensors";
  private static final String HEAD = "head.safetensors";
  private static final float SPREAD = 0.02f;
  private static final float LIKELY = 10;

  /**
   * Writes it.
   *
   * @param encoder a BERT without a head
   * @param parent gets a folder of its name, in the place of one that is there
   */
  Path write(Path encoder, Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    for (String file : COPIED) {
      if (Files.exists(encoder.resolve(file))) {
        copy(encoder.resolve(file), folder.resolve(file));
      }
    }
    copy(encoder.resolve("model.safetensors"), folder.resolve(ENCODER));
    ObjectNode config = (ObjectNode) JSON.readTree(encoder.resolve("config.json"));
    config.putArray("architectures").add(architecture);
    ObjectNode names = config.putObject("id2label");
    ObjectNode ids = config.putObject("label2id");
    for (int label = 0; label < labels; label++) {
      String word = label == 0 ? "O" : "B-L" + label;
      names.put(Integer.toString(label), word);
      ids.put(word, label);
    }
    int width = config.get("hidden_size").intValue();
    writeHead(folder.resolve(HEAD), width);
    ObjectNode index = JSON.createObjectNode();
    ObjectNode files = index.putObject("weight_map");
    for (String tensor : new TreeSet<>(Safetensors.readFolder(encoder).keySet())) {
      files.put(tensor, ENCODER);
    }
    files.put("classifier.weight", HEAD).put("classifier.bias", HEAD);
    JSON.writeValue(folder.resolve("model.safetensors.index.json"), index);
    JSON.writeValue(folder.resolve("config.json"), config);
    return folder;
  }

  private void writeHead(Path file, int width) throws IOException {
    Files.deleteIfExists(file);
    Random random = new Random(labels);
    ByteBuffer weight = floats(labels * width);
    while (weight.hasRemaining()) {
      weight.putFloat((float) (SPREAD * random.nextGaussian()));
    }
    ByteBuffer bias = floats(labels);
    bias.putFloat(0, labels == 1 ? 0 : LIKELY);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file,
            List.of(
                new Declaration(
                    "classifier.weight", ElementType.F32, List.of((long) labels, (long) width)),
                new Declaration("classifier.bias", ElementType.F32, List.of((long) labels))))) {
      writer.append("classifier.weight", weight.flip());
      writer.append("classifier.bias", bias);
      writer.finish();
    }
  }

  private static ByteBuffer floats(int count) {
    return ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
