package dev.diptych.tokenization;

import dev.diptych.InferenceFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A model's tokenizer read again with other spellings of some tokens, when they are first asked
 * for.
 */
final class Respelling implements AutoCloseable {

  /*
   * A new spelling is made of small letters, which every normalizer leaves as they are, and so many
   * of them at random that nobody sends it. All are equally long, so that none begins another.
   */

  private static final int RANDOM_LETTERS = 28;
  private static final int NUMBER_LETTERS = 5;
  private static final int LETTERS = 26;

  private final Path folder;
  private final TextWorkers workers = TextWorkers.shared();
  private final Map<Set<String>, RespelledTokens> known = new HashMap<>();
  private final List<NativeHandle> open = new ArrayList<>();

  Respelling(Path folder) {
    this.folder = folder;
  }

  synchronized RespelledTokens of(Set<String> tokens) {
    return known.computeIfAbsent(Set.copyOf(tokens), this::load);
  }

  private RespelledTokens load(Set<String> tokens) {
    Map<String, String> spellings = spellings(tokens);
    try {
      NativeHandle handle = workers.run(TextWorkers.LONG, () -> load(spellings));
      open.add(handle);
      return new RespelledTokens(
          spellings, text -> workers.run(text.length(), () -> handle.ids(text, false)));
    } catch (RuntimeException e) {
      throw new InferenceFailed("the tokenizer cannot be loaded again", e);
    }
  }

  private NativeHandle load(Map<String, String> spellings) throws IOException {
    return NativeHandle.load(
        TokenizerContent.read(folder, spellings).json(JsonNodeFactory.instance.nullNode()));
  }

  private static Map<String, String> spellings(Set<String> tokens) {
    SecureRandom random = new SecureRandom();
    StringBuilder beginning = new StringBuilder();
    for (int i = 0; i < RANDOM_LETTERS; i++) {
      beginning.append((char) ('a' + random.nextInt(LETTERS)));
    }
    Map<String, String> spellings = new HashMap<>();
    for (String token : new TreeSet<>(tokens)) {
      StringBuilder number = new StringBuilder();
      for (int n = spellings.size(); number.length() < NUMBER_LETTERS; n /= LETTERS) {
        number.append((char) ('a' + n % LETTERS));
      }
      spellings.put(token, beginning.toString() + number);
    }
    return Collections.unmodifiableMap(spellings);
  }

  @Override
  public synchronized void close() {
    open.forEach(NativeHandle::close);
    open.clear();
  }
}
