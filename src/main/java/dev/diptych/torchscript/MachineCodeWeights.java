package dev.diptych.torchscript;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.checkpoint.WeightsOrigin;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a model as machine code reads them: kept from an earlier start, or made by
 * libtorch, which takes a second or more and is not loaded otherwise.
 */
final class MachineCodeWeights {

  private static final Logger log = LoggerFactory.getLogger(MachineCodeWeights.class);

  /** To be raised when the same scripts make other weights of the same tensors. */
  private static final String VERSION = "1";

  private final PreparedWeights kept;
  private final Path folder;
  private final WeightsOrigin origin;
  private final List<Long> blockBytes;

  /**
   * Weights of a model.
   *
   * @param folder of its checkpoint
   * @param tensors of it, by slot
   * @param blueprint of it
   * @param scripts that make the weights
   * @param blockBytes of the memory that holds them
   */
  MachineCodeWeights(
      PreparedWeights kept,
      Path folder,
      Map<String, WeightView> tensors,
      Blueprint blueprint,
      List<ScriptSource> scripts,
      List<Long> blockBytes)
      throws IOException {
    List<String> recipe = new ArrayList<>();
    recipe.add(VERSION);
    recipe.add(blueprint.toString());
    recipe.add(blockBytes.toString());
    scripts.forEach(script -> recipe.add(script.code()));
    this.kept = kept;
    this.folder = folder;
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    tensors.forEach(
        (slot, view) -> {
          recipe.add(view.part().toString());
          stored.put(slot, view.tensor());
        });
    this.origin = WeightsOrigin.of(stored, recipe);
    this.blockBytes = blockBytes;
  }

  /** What makes weights. */
  interface Maker {

    /** Writes them into memory in blocks. */
    void write(List<ByteBuffer> memory) throws IOException;
  }

  /** The weights, for the caller to close. */
  ZeroedMemory get(Maker maker) throws IOException {
    ZeroedMemory weights = ZeroedMemory.reserveForWeights(blockBytes);
    try {
      if (!read(weights)) {
        maker.write(weights.blocks());
        TorchRuntime.trimMemory();
        write(weights);
      }
      return weights;
    } catch (IOException | RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private boolean read(ZeroedMemory weights) {
    try {
      return kept.read(folder, origin, weights.blocks());
    } catch (IOException e) {
      log.info("{} is prepared anew, as what was kept of it cannot be read: {}", folder, reason(e));
      return false;
    }
  }

  private void write(ZeroedMemory weights) {
    try {
      kept.write(folder, origin, weights.blocks());
    } catch (IOException e) {
      log.info("{} will be prepared again by the next start: {}", folder, reason(e));
    }
  }

  private static String reason(IOException e) {
    return "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
  }
}
