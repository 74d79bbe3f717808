package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a BERT that TensorFlow saved ({@link BertRelease} has the layouts) into a Hugging Face
 * folder with float32 weights.
 */
public final class TensorFlowBertImporter {

  private static final ValueLayout.OfFloat FLOAT32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private TensorFlowBertImporter() {}

  /**
   * Writes {@code config.json}, {@code tokenizer.json}, {@code tokenizer_config.json} and {@code
   * model.safetensors}. The pooler and the heads are kept; the output layer of the masked language
   * model, which is the word embeddings, and the state of the optimizer are not.
   *
   * @param targetFolder an existing empty folder; after an error it holds a part of the files
   * @param check looks at the configuration before the weights are written
   * @param progress told how many bytes of the weights are written
   * @throws InvalidCheckpoint if files are missing, broken or do not fit together
   * @throws IOException if a file cannot be read or written
   */
  public static void importCheckpoint(
      Path sourceFolder, Path targetFolder, FolderCheck check, ByteProgress progress)
      throws IOException {
    BertRelease release = BertRelease.find(sourceFolder);
    WordPieceVocabulary vocabulary = WordPieceVocabulary.read(release.vocabulary());
    try (Arena arena = Arena.ofShared()) {
      TensorFlowCheckpoint checkpoint = TensorFlowCheckpoint.open(release.index(), arena);
      Map<String, BertWeight> weights = weights(release.index(), checkpoint);
      BertConfiguration config = BertConfiguration.of(release, weights);
      if (config.vocabularySize() < vocabulary.size()) {
        throw new InvalidCheckpoint(
            "%s has %d tokens, but there are only %d embeddings"
                .formatted(release.vocabulary(), vocabulary.size(), config.vocabularySize()));
      }
      boolean lowercase = BertConfiguration.lowercase(release).orElse(vocabulary.looksLowercase());
      JsonFile.write(targetFolder, "config.json", config.json(vocabulary.id("[PAD]")));
      JsonFile.write(targetFolder, "tokenizer.json", vocabulary.tokenizer(lowercase));
      JsonFile.write(
          targetFolder,
          "tokenizer_config.json",
          vocabulary.configuration(lowercase, config.maxPositions()));
      check.check(targetFolder);
      copy(
          checkpoint,
          List.copyOf(weights.values()),
          targetFolder.resolve(WeightFiles.WHOLE),
          progress);
    }
  }

  private static Map<String, BertWeight> weights(Path index, TensorFlowCheckpoint checkpoint)
      throws InvalidCheckpoint {
    Map<String, BertWeight> weights = new LinkedHashMap<>();
    for (StoredTensor tensor : checkpoint.tensors().values()) {
      BertWeight weight = BertWeight.of(tensor).orElse(null);
      if (weight == null) {
        continue;
      }
      String problem = problem(weight);
      if (problem.isEmpty() && weights.put(weight.name(), weight) != null) {
        problem = "appears twice";
      }
      if (!problem.isEmpty()) {
        throw new InvalidCheckpoint(
            "%s: tensor %s %s".formatted(index, quote(tensor.name()), problem));
      }
    }
    return weights;
  }

  private static String problem(BertWeight weight) {
    StoredTensor tensor = weight.source();
    if (tensor.type() != ElementType.F32) {
      return "is %s; F32 is expected".formatted(tensor.type());
    }
    if (tensor.shape().isEmpty() || tensor.shape().size() > 2 || tensor.elements() == 0) {
      return "has the shape %s; one or two dimensions are expected".formatted(tensor.shape());
    }
    if (weight.shape().getLast() > Float32Rows.MAX_ROW_ELEMENTS) {
      return "has rows of more than %d elements".formatted(Float32Rows.MAX_ROW_ELEMENTS);
    }
    return "";
  }

  private static void copy(
      TensorFlowCheckpoint checkpoint, List<BertWeight> weights, Path target, ByteProgress progress)
      throws IOException {
    List<Declaration> declarations =
        weights.stream()
            .map(weight -> new Declaration(weight.name(), ElementType.F32, weight.shape()))
            .toList();
    try (Float32Rows rows =
        new Float32Rows(SafetensorsWriter.create(target, declarations), progress)) {
      for (BertWeight weight : weights) {
        MemorySegment source = checkpoint.bytes(weight.source().name());
        long rowCount = weight.shape().size() == 1 ? 1 : weight.shape().getFirst();
        int rowLength = weight.shape().getLast().intValue();
        // source[row][i], or source[i][row] if transposed
        long rowStride = weight.transposed() ? 1 : rowLength;
        long columnStride = weight.transposed() ? rowCount : 1;
        rows.write(
            weight.name(),
            rowCount,
            rowLength,
            (row, values, at) -> {
              for (int i = 0; i < rowLength; i++) {
                long element = row * rowStride + i * columnStride;
                values[at + i] = source.get(FLOAT32, element * Float.BYTES);
              }
            });
      }
      rows.finish();
    }
  }
}
