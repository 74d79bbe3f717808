package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a GGUF file of a Llama or Qwen2 decoder into a Hugging Face folder with float32 weights.
 */
public final class GgufImporter {

  private GgufImporter() {}

  /**
   * Writes {@code config.json}, {@code generation_config.json}, {@code tokenizer.json}, {@code
   * tokenizer_config.json} and {@code model.safetensors}.
   *
   * @param targetFolder an existing empty folder; after an error it holds a part of the files
   * @param check looks at the configuration before the weights are written
   * @param progress told how many bytes of the weights are written
   * @throws InvalidCheckpoint if the file is broken, or its architecture, tensor types or tokenizer
   *     are not supported
   * @throws IOException if a file cannot be read or written
   */
  public static void importCheckpoint(
      Path ggufFile, Path targetFolder, FolderCheck check, ByteProgress progress)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Gguf gguf = GgufParts.open(ggufFile, arena);
      GgufDecoder decoder = GgufDecoder.read(gguf);
      List<GgufWeight> weights = weights(gguf, decoder);
      GgufTokenizer tokenizer = GgufTokenizer.read(gguf.metadata());
      if (tokenizer.size() > decoder.vocabularySize()) {
        throw gguf.metadata()
            .invalid(
                "%d tokens, but only %d embeddings"
                    .formatted(tokenizer.size(), decoder.vocabularySize()));
      }
      Map<String, Object> configuration = decoder.configuration();
      configuration.putAll(tokenizer.specialIds());
      JsonFile.write(targetFolder, "config.json", configuration);
      JsonFile.write(targetFolder, "generation_config.json", tokenizer.generationConfiguration());
      JsonFile.write(targetFolder, "tokenizer.json", tokenizer.tokenizer());
      JsonFile.write(
          targetFolder, "tokenizer_config.json", tokenizer.configuration(decoder.contextLength()));
      check.check(targetFolder);
      copy(gguf, weights, targetFolder.resolve(WeightFiles.WHOLE), progress);
    }
  }

  /** A GGUF file and those that are called like parts of the same model, as far as they exist. */
  public static List<Path> files(Path ggufFile) {
    return GgufParts.existing(ggufFile);
  }

  /**
   * Size of the weights that an import writes.
   *
   * @throws InvalidCheckpoint if the file is broken
   */
  public static long importedBytes(Path ggufFile) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      long bytes = 0;
      for (Gguf.Tensor tensor : GgufParts.open(ggufFile, arena).tensors().values()) {
        long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
        bytes = Math.addExact(bytes, Math.multiplyExact(elements, Float.BYTES));
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new InvalidCheckpoint("the tensors of %s are too large".formatted(ggufFile), e);
    }
  }

  /** The weights of the decoder, each found in the file with the shape that it must have. */
  private static List<GgufWeight> weights(Gguf gguf, GgufDecoder decoder) throws InvalidCheckpoint {
    Map<String, GgufWeight> wanted = new LinkedHashMap<>();
    Set<String> unknown = new HashSet<>(gguf.tensors().keySet());
    unknown.remove(GgufRope.FREQUENCIES);
    for (GgufWeight weight : GgufWeight.of(decoder)) {
      Gguf.Tensor tensor = gguf.tensors().get(weight.ggufName());
      if (tensor == null) {
        throw gguf.metadata().invalid("tensor '%s' is missing".formatted(weight.ggufName()));
      }
      if (!tensor.shape().equals(weight.shape())) {
        throw gguf.metadata()
            .invalid(
                "tensor '%s' has the shape %s, but %s is expected"
                    .formatted(weight.ggufName(), tensor.shape(), weight.shape()));
      }
      wanted.put(weight.ggufName(), weight);
      unknown.remove(weight.ggufName());
    }
    if (!unknown.isEmpty()) {
      throw gguf.metadata()
          .invalid(
              "tensor %s does not belong to a %s model"
                  .formatted(quote(unknown.iterator().next()), decoder.architecture()));
    }
    return List.copyOf(wanted.values());
  }

  private static void copy(Gguf gguf, List<GgufWeight> weights, Path target, ByteProgress progress)
      throws IOException {
    List<Declaration> declarations =
        weights.stream()
            .map(weight -> new Declaration(weight.name(), ElementType.F32, weight.shape()))
            .toList();
    try (Float32Rows rows =
        new Float32Rows(SafetensorsWriter.create(target, declarations), progress)) {
      for (GgufWeight weight : weights) {
        Gguf.Tensor tensor = gguf.tensors().get(weight.ggufName());
        if (tensor == null) {
          throw new IllegalStateException("checked before");
        }
        int rowLength = weight.rowLength();
        rows.write(
            weight.name(),
            weight.rows(),
            rowLength,
            (row, values, at) ->
                tensor.dequantize(weight.rowInGguf(row) * rowLength, values, at, rowLength));
      }
      rows.finish();
    }
  }
}
