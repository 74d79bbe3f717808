package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a GGUF file, or several that are parts of one model, say of themselves. */
public final class GgufModel {

  /** The token embeddings, which every model has. */
  public static final String EMBEDDINGS = "token_embd.weight";

  private static final long LARGEST_VECTOR = 1 << 16;
  private static final String TOKENIZER = "tokenizer.";

  private final Gguf gguf;

  private GgufModel(Gguf gguf) {
    this.gguf = gguf;
  }

  /**
   * Reads a model with all of its metadata.
   *
   * @param file the first part, or the only one
   * @throws InvalidCheckpoint if a file is broken, parts are missing or not of one model
   * @throws IOException if a file cannot be read
   */
  public static GgufModel read(Path file) throws IOException {
    return new GgufModel(GgufParts.read(file, _ -> true));
  }

  /** Reads a model without its tokenizer, which is by far the most of its metadata. */
  public static GgufModel readWithoutTokenizer(Path file) throws IOException {
    return new GgufModel(GgufParts.read(file, key -> !key.startsWith(TOKENIZER)));
  }

  /** A GGUF file and those that are called like parts of the same model, as far as they exist. */
  public static List<Path> files(Path file) {
    return GgufParts.existing(file);
  }

  public GgufMetadata metadata() {
    return gguf.metadata();
  }

  /** All tensors by name. */
  public Map<String, StoredTensor> tensors() {
    return gguf.tensors();
  }

  /**
   * The numbers of a small float32 tensor of one dimension.
   *
   * @throws InvalidCheckpoint if it is missing or another kind of tensor
   */
  public float[] vector(String name) throws IOException {
    StoredTensor tensor = gguf.tensors().get(name);
    if (tensor == null
        || tensor.type() != ElementType.F32
        || tensor.shape().size() != 1
        || tensor.elements() > LARGEST_VECTOR) {
      throw gguf.metadata()
          .invalid(
              "tensor %s is %s, but F32 of one dimension is expected"
                  .formatted(
                      quote(name),
                      tensor == null
                          ? "missing"
                          : "%s of shape %s".formatted(tensor.type(), tensor.shape())));
    }
    byte[] bytes = new byte[(int) tensor.byteLength()];
    try (FileChannel channel = FileChannel.open(tensor.file())) {
      new FilePart(channel, tensor.fileOffset(), tensor.fileOffset() + bytes.length)
          .readNBytes(bytes, 0, bytes.length);
    }
    float[] values = new float[bytes.length / Float.BYTES];
    PlainFloats.f32(bytes, 0, values, 0, values.length);
    return values;
  }

  /**
   * Writes what a folder of Hugging Face's has beside the weights: {@code config.json}, {@code
   * generation_config.json}, {@code tokenizer.json} and {@code tokenizer_config.json}.
   *
   * @param configuration fields of config.json, to which the ids of special tokens are added
   * @throws InvalidCheckpoint if the tokenizer is broken or not supported
   */
  public void writeFiles(Path folder, Map<String, ?> configuration) throws IOException {
    GgufTokenizer tokenizer = GgufTokenizer.read(gguf.metadata());
    StoredTensor embeddings = gguf.tensors().get(EMBEDDINGS);
    if (embeddings != null && tokenizer.size() > embeddings.shape().getFirst()) {
      throw gguf.metadata()
          .invalid(
              "%d tokens, but only %d embeddings"
                  .formatted(tokenizer.size(), embeddings.shape().getFirst()));
    }
    Map<String, Object> config = new LinkedHashMap<>(configuration);
    config.putAll(tokenizer.specialIds());
    JsonFile.write(folder, "config.json", config);
    JsonFile.write(folder, "generation_config.json", tokenizer.generationConfiguration());
    JsonFile.write(folder, "tokenizer.json", tokenizer.tokenizer());
    JsonFile.write(folder, "tokenizer_config.json", tokenizer.configuration());
  }
}
