package dev.diptych.encoding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted for each mask.
 *
 * @param topK how many candidates, from 1
 * @param targets the only words to score; null for the whole vocabulary
 */
public record FillMaskOptions(int topK, @Nullable List<String> targets) {

  /** Most words to which one request can restrict the candidates. */
  public static final int MAX_TARGETS = 1000;

  /** Most code points of such a word; no vocabulary has longer ones. */
  public static final int MAX_TARGET_CHARACTERS = 250;

  /** Five candidates from the whole vocabulary. */
  public static final FillMaskOptions DEFAULT = new FillMaskOptions(5, null);
}
