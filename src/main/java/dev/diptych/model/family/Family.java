package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** All that is known of the checkpoints of a family. */
public interface Family {

  /** The {@code model_type}s of its config.json. */
  Set<String> modelTypes();

  /**
   * Whether what comes with checkpoints as code of their own ({@code auto_map}) computes the same,
   * and may be passed over.
   */
  default boolean knowsOwnCode() {
    return false;
  }

  /**
   * What config.json says the network consists of. Every field that changes what is computed is
   * read, or refused by name.
   *
   * @param head that the checkpoint is said to have
   * @throws IOException if a field is broken, or asks for something that a blueprint cannot say
   */
  Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException;

  /** Where the tensors of a blueprint are in a checkpoint. */
  WeightNames weights(Blueprint blueprint);

  /** How GGUF files keep its models; none where they are not read. */
  default List<GgufForm> gguf() {
    return List.of();
  }
}
