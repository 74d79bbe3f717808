package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * How a checkpoint of sentence-transformers says that its decoder ranks: by the logit of one token,
 * less that of another.
 *
 * @param no empty where the first alone counts
 */
public record LogitScore(int yes, OptionalInt no) {

  private static final String MODULE = "LogitScore";

  /** What the checkpoint says, if it says so. */
  public static Optional<LogitScore> read(Path folder) throws IOException {
    Optional<ConfigFile> found = SentenceModules.configuration(folder, MODULE);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ConfigFile config = found.get();
    OptionalInt yes = id(config, "true_token_id");
    if (yes.isEmpty()) {
      throw new IOException("%s: true_token_id is missing".formatted(config.name()));
    }
    return Optional.of(new LogitScore(yes.getAsInt(), id(config, "false_token_id")));
  }

  /** Whether the checkpoint says so; false also where it cannot be read. */
  public static boolean isIn(Path folder) {
    try {
      return read(folder).isPresent();
    } catch (IOException _) {
      return false; // whoever reads it says what is wrong with it
    }
  }

  private static OptionalInt id(ConfigFile config, String name) throws IOException {
    JsonNode id = config.find(name);
    if (id == null || id.isNull()) {
      return OptionalInt.empty();
    }
    if (!id.isInt() || id.intValue() < 0) {
      throw new IOException("%s: %s must be a token id".formatted(config.name(), name));
    }
    return OptionalInt.of(id.intValue());
  }
}
