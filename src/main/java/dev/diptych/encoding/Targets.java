package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.Tokenizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The words to which a fill-mask request restricts the candidates, as token ids. */
final class Targets {

  private static final Logger log = LoggerFactory.getLogger(Targets.class);

  private final Tokenizer tokenizer;
  private final int vocabularySize;

  Targets(Tokenizer tokenizer, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Looks at how many there are and how long each is, before anything is done with them.
   *
   * @throws InvalidInput if there are too many, or one is too long
   */
  static void check(@Nullable List<String> targets) {
    if (targets == null) {
      return;
    }
    if (targets.size() > FillMaskOptions.MAX_TARGETS) {
      throw new InvalidInput(
          "`targets` must have at most %d words. Given: %d"
              .formatted(FillMaskOptions.MAX_TARGETS, targets.size()));
    }
    for (String target : targets) {
      int characters = target.codePointCount(0, target.length());
      if (characters > FillMaskOptions.MAX_TARGET_CHARACTERS) {
        throw new InvalidInput(
            "each of `targets` must have at most %d characters. Given: %d"
                .formatted(FillMaskOptions.MAX_TARGET_CHARACTERS, characters));
      }
    }
  }

  /**
   * One id per target, without repetition. A target that is not in the vocabulary counts as its
   * first token; one that has no token is left out.
   *
   * @return null for null, which stands for the whole vocabulary
   * @throws InvalidInput if no target is left
   */
  int @Nullable [] ids(@Nullable List<String> targets) {
    if (targets == null) {
      return null;
    }
    Set<Integer> ids = new LinkedHashSet<>();
    for (String target : targets) {
      int id = id(target);
      if (id >= vocabularySize) {
        throw InputChecks.unknownId(id, vocabularySize);
      }
      if (id >= 0) {
        ids.add(id);
      }
    }
    if (ids.isEmpty()) {
      throw new InvalidInput("at least one target must be given in `targets` when it is present");
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The target's id, -1 if it has none. */
  private int id(String target) {
    return tokenizer
        .id(target)
        .orElseGet(
            () -> {
              int[] ids = tokenizer.encode(target, false);
              log.debug(
                  "a fill-mask target is not in the vocabulary and has {} tokens", ids.length);
              return ids.length == 0 ? -1 : ids[0];
            });
  }
}
