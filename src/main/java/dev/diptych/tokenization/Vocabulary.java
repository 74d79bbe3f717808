package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The entries of a tokenizer's model and its added tokens, both ways. */
final class Vocabulary {

  /** One more than the largest id that is accepted. */
  static final int MAX_SIZE = 1 << 22;

  private final List<@Nullable String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final BitSet special = new BitSet();
  private final Path folder;

  private Vocabulary(Path folder) {
    this.folder = folder;
  }

  static Vocabulary of(TokenizerFiles files) throws InvalidCheckpoint {
    Vocabulary vocabulary = new Vocabulary(files.folder());
    vocabulary.addModel(files.definition().path("model").path("vocab"));
    for (JsonNode added : files.definition().path("added_tokens")) {
      String token = added.path("content").stringValue("");
      int id = vocabulary.id(token, added.path("id"));
      vocabulary.add(token, id);
      vocabulary.special.set(id, added.path("special").booleanValue(false));
    }
    if (vocabulary.tokens.isEmpty()) {
      throw new InvalidCheckpoint("%s/tokenizer.json has no vocabulary".formatted(files.folder()));
    }
    return vocabulary;
  }

  /* BPE, WordPiece and WordLevel map tokens to ids; Unigram lists [token, score] by id. */
  private void addModel(JsonNode model) throws InvalidCheckpoint {
    for (Map.Entry<String, JsonNode> entry : model.properties()) {
      add(entry.getKey(), id(entry.getKey(), entry.getValue()));
    }
    if (!model.isArray()) {
      return;
    }
    if (model.size() > MAX_SIZE) {
      throw new InvalidCheckpoint(
          "%s/tokenizer.json has %d tokens, more than the limit of %d"
              .formatted(folder, model.size(), MAX_SIZE));
    }
    int id = 0;
    for (JsonNode piece : model) {
      add(piece.path(0).stringValue(""), id++);
    }
  }

  private int id(String token, JsonNode id) throws InvalidCheckpoint {
    if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= MAX_SIZE) {
      throw new InvalidCheckpoint(
          "%s/tokenizer.json gives the token \"%s\" the id %s; ids are 0 to %d"
              .formatted(folder, token, id, MAX_SIZE - 1));
    }
    return id.intValue();
  }

  private void add(String token, int id) {
    while (tokens.size() <= id) {
      tokens.add(null);
    }
    tokens.set(id, token);
    ids.put(token, id);
  }

  int size() {
    return tokens.size();
  }

  /** UTF-16 units of the longest entry. */
  int longestToken() {
    return ids.keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  @Nullable String token(int id) {
    return id < 0 || id >= tokens.size() ? null : tokens.get(id);
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }
}
