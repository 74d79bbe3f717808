package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What a checkpoint says about generating a text. How one ends it says in generation_config.json,
 * config.json and the tokenizer together, as each of them alone is incomplete in some.
 *
 * @param endOfTextIds tokens that end a generation; may be empty
 */
public record GenerationDefaults(Set<Integer> endOfTextIds, SuggestedSampling sampling) {

  private static final Logger log = LoggerFactory.getLogger(GenerationDefaults.class);
  private static final String FIELD = "eos_token_id";
  private static final String FILE = "generation_config.json";

  public GenerationDefaults {
    endOfTextIds = Set.copyOf(endOfTextIds);
  }

  /** Those of a checkpoint that says nothing but which tokens end a generation. */
  public static GenerationDefaults endingWith(Set<Integer> endOfTextIds) {
    return new GenerationDefaults(endOfTextIds, SuggestedSampling.NONE);
  }

  /**
   * Those of the checkpoint in a folder.
   *
   * @param tokenizersEnd the end token that the tokenizer's files name
   * @param vocabularySize of the model; ids beyond it are left out with a warning
   * @throws IOException if a file is broken, or has something else than ids
   */
  public static GenerationDefaults read(Path folder, OptionalInt tokenizersEnd, int vocabularySize)
      throws IOException {
    Set<Integer> ids = new LinkedHashSet<>();
    SuggestedSampling sampling = SuggestedSampling.NONE;
    for (String name : new String[] {FILE, "config.json"}) {
      ConfigFile file = ConfigFile.readIfPresent(folder.resolve(name));
      if (file != null && name.equals(FILE)) {
        sampling = SuggestedSampling.read(file);
      }
      JsonNode said = file == null ? null : file.find(FIELD);
      if (said != null) {
        for (JsonNode id : said.isArray() ? said.values() : Set.of(said)) {
          add(ids, id, name, vocabularySize);
        }
      }
    }
    tokenizersEnd.ifPresent(id -> add(ids, id, "the tokenizer", vocabularySize));
    return new GenerationDefaults(ids, sampling);
  }

  private static void add(Set<Integer> ids, JsonNode id, String source, int vocabularySize)
      throws IOException {
    if (!id.isIntegralNumber()) {
      throw new IOException(
          "%s: %s must be a token id or a list of them (got %s)".formatted(source, FIELD, id));
    }
    add(ids, id.canConvertToLong() ? id.longValue() : Long.MAX_VALUE, source, vocabularySize);
  }

  private static void add(Set<Integer> ids, long id, String source, int vocabularySize) {
    if (id >= 0 && id < vocabularySize) {
      ids.add((int) id);
    } else {
      log.warn(
          "{} names the end token {}, which is not in the vocabulary of {}; it is left out",
          source,
          id,
          vocabularySize);
    }
  }
}
