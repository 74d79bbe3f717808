package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of a tokenizer's model and its added tokens, both ways. */
final class Vocabulary {

  /** One more than the largest id that is accepted. */
  static final int MAX_SIZE = 1 << 22;

  /** Most entries: one takes some 120 bytes, all of them at most a quarter of the heap. */
  static final int MAX_ENTRIES =
      (int) Math.min(MAX_SIZE, Runtime.getRuntime().maxMemory() / 4 / 120);

  private static final int LONGEST_QUOTED = 60;

  private final List<@Nullable String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final BitSet special = new BitSet();
  private final Path file;

  /** An empty one, to be filled from a file. */
  Vocabulary(Path file) {
    this.file = file;
  }

  /** The id of an entry as the file gives it. */
  int checked(String token, Number id) throws InvalidCheckpoint {
    if (id.doubleValue() < 0 || id.doubleValue() >= MAX_SIZE) {
      throw new InvalidCheckpoint(
          "%s gives the token \"%s\" the id %s; ids are 0 to %d"
              .formatted(file, shortened(token), id, MAX_SIZE - 1));
    }
    return id.intValue();
  }

  private static String shortened(String token) {
    return token.length() <= LONGEST_QUOTED ? token : token.substring(0, LONGEST_QUOTED) + '…';
  }

  void add(String token, int id) throws InvalidCheckpoint {
    while (tokens.size() <= id) {
      tokens.add(null);
    }
    tokens.set(id, token);
    ids.put(token, id);
    if (ids.size() > MAX_ENTRIES) {
      throw new InvalidCheckpoint(
          "%s has more than %d tokens, the most for a heap of %d MB"
              .formatted(file, MAX_ENTRIES, Runtime.getRuntime().maxMemory() >> 20));
    }
  }

  /** Says whether a token is special. */
  void mark(int id, boolean isSpecial) {
    special.set(id, isSpecial);
  }

  int size() {
    return tokens.size();
  }

  /** UTF-16 units of the longest entry. */
  int longestToken() {
    return ids.keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  /** All entries. */
  Set<String> entries() {
    return Collections.unmodifiableSet(ids.keySet());
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
