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

  /** Five candidates from the whole vocabulary. */
  public static final FillMaskOptions DEFAULT = new FillMaskOptions(5, null);
}
