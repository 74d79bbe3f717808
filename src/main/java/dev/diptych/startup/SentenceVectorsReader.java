package dev.diptych.startup;

import dev.diptych.checkpoint.FloatRows;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.checkpoint.WeightFiles;
import dev.diptych.encoding.DenseLayer;
import dev.diptych.encoding.LinearLayer;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.UnitLength;
import dev.diptych.encoding.VectorModule;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.VectorStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what a sentence-transformers model does behind its pooling, weights included. */
final class SentenceVectorsReader {

  private static final int SHARE_OF_HEAP = 4;
  private static final String WEIGHT = "linear.weight";
  private static final String BIAS = "linear.bias";
  private static final String RESIDUAL = "residual.weight";

  private final Path folder;

  private SentenceVectorsReader(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the modules of a checkpoint. Whether a vector has length 1 in the end is up to a request,
   * so a Normalize at the end is left out.
   *
   * @param hidden width of a token's state
   * @throws IOException if weights are missing or too large, or sizes do not fit together
   */
  static SentenceVectors read(Path folder, SentenceEmbedding sentences, int hidden)
      throws IOException {
    List<VectorStep> steps = new ArrayList<>(sentences.steps());
    while (!steps.isEmpty() && steps.getLast() instanceof VectorStep.Normalize) {
      steps.removeLast();
    }
    requireMemory(steps);
    SentenceVectorsReader reader = new SentenceVectorsReader(folder);
    int width = Math.multiplyExact(sentences.poolings().size(), hidden);
    List<VectorModule> modules = new ArrayList<>();
    for (VectorStep step : steps) {
      VectorModule module =
          switch (step) {
            case VectorStep.Normalize() -> new UnitLength();
            case VectorStep.Dense dense -> reader.dense(dense, width);
          };
      modules.add(module);
      width = module.outputs(width);
    }
    return new SentenceVectors(sentences.poolings(), modules);
  }

  private static void requireMemory(List<VectorStep> steps) throws IOException {
    long bytes = 0;
    for (VectorStep step : steps) {
      if (step instanceof VectorStep.Dense dense) {
        long weights = projected(dense) ? 2 : 1;
        bytes += weights * dense.inputs() * dense.outputs() * Float.BYTES;
      }
    }
    long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    if (bytes > most) {
      throw new IOException(
          "the weights of the Dense modules take %d MB, more than the %d MB that they may take, a quarter of the Java heap"
              .formatted(bytes >> 20, most >> 20));
    }
  }

  private static boolean projected(VectorStep.Dense dense) {
    return dense.residual() && dense.inputs() != dense.outputs();
  }

  private DenseLayer dense(VectorStep.Dense dense, int width) throws IOException {
    if (dense.inputs() != width) {
      throw new IOException(
          "%s: in_features is %d, but the vector that comes to it has %d numbers"
              .formatted(name(dense, "config.json"), dense.inputs(), width));
    }
    Map<String, StoredTensor> tensors = tensors(dense);
    float[] bias = new float[dense.outputs()];
    if (dense.biased()) {
      FloatRows.read(
          tensor(tensors, BIAS, dense, List.of((long) dense.outputs())),
          (_, values) -> System.arraycopy(values, 0, bias, 0, bias.length));
    }
    LinearLayer linear = new LinearLayer(weight(tensors, WEIGHT, dense), bias);
    LinearLayer projection =
        projected(dense)
            ? new LinearLayer(weight(tensors, RESIDUAL, dense), new float[dense.outputs()])
            : null;
    return new DenseLayer(linear, dense.activation(), dense.residual(), projection);
  }

  private Map<String, StoredTensor> tensors(VectorStep.Dense dense) throws IOException {
    Path file = folder.resolve(dense.folder()).resolve(WeightFiles.WHOLE);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "the checkpoint has no %s (a pickle file such as %s is never read)"
              .formatted(name(dense, WeightFiles.WHOLE), name(dense, "pytorch_model.bin")));
    }
    Map<String, StoredTensor> tensors = Safetensors.read(file);
    Set<String> unknown = new HashSet<>(tensors.keySet());
    unknown.remove(WEIGHT);
    if (dense.biased()) {
      unknown.remove(BIAS);
    }
    if (projected(dense)) {
      unknown.remove(RESIDUAL);
    }
    if (!unknown.isEmpty()) {
      throw new IOException(
          "%s has the tensor %s, which its config.json does not ask for"
              .formatted(name(dense, WeightFiles.WHOLE), unknown.iterator().next()));
    }
    return tensors;
  }

  private static float[][] weight(
      Map<String, StoredTensor> tensors, String tensorName, VectorStep.Dense dense)
      throws IOException {
    int outputs = dense.outputs();
    StoredTensor tensor =
        tensor(tensors, tensorName, dense, List.of((long) outputs, (long) dense.inputs()));
    float[][] byInputs = new float[dense.inputs()][outputs];
    FloatRows.read(
        tensor,
        (output, values) -> {
          for (int input = 0; input < values.length; input++) {
            byInputs[input][output] = values[input];
          }
        });
    return byInputs;
  }

  private static StoredTensor tensor(
      Map<String, StoredTensor> tensors, String name, VectorStep.Dense dense, List<Long> shape)
      throws IOException {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IOException("%s has no %s".formatted(name(dense, WeightFiles.WHOLE), name));
    }
    if (!tensor.shape().equals(shape)) {
      throw new IOException(
          "%s: %s is %s, not %s as its config.json says"
              .formatted(name(dense, WeightFiles.WHOLE), name, tensor.shape(), shape));
    }
    return tensor;
  }

  private static String name(VectorStep.Dense dense, String file) {
    return dense.folder().isEmpty() ? file : dense.folder() + "/" + file;
  }
}
