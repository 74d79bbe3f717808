package dev.diptych.generation;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The drafts of all sequences that decode, within a bound on the rows of a step. */
final class PromptLookup {

  /** Most rows of a step that has drafts: beyond, another row costs as much as it can save. */
  static final int MOST_ROWS = 16;

  private final int mostTokens;
  private final Map<Sequence, Drafter> drafters = new HashMap<>();

  /**
   * A lookup that knows no sequence.
   *
   * @param mostTokens longest draft; 0 makes none
   */
  PromptLookup(int mostTokens) {
    this.mostTokens = mostTokens;
  }

  /** A draft for each sequence of a batch, all cut to an equal share where rows are short. */
  List<int[]> drafts(List<Sequence> batch) {
    int spare = MOST_ROWS - batch.size();
    if (mostTokens == 0 || spare <= 0) {
      return Collections.nCopies(batch.size(), Drafter.NO_DRAFT);
    }
    List<int[]> wanted = batch.stream().map(sequence -> drafter(sequence).draft()).toList();
    int[] lengths = new int[wanted.size()];
    for (int token = 0; token < mostTokens; token++) {
      for (int i = 0; i < lengths.length && spare > 0; i++) {
        if (token < wanted.get(i).length) {
          lengths[i]++;
          spare--;
        }
      }
    }
    return IntStream.range(0, lengths.length)
        .mapToObj(i -> Arrays.copyOf(wanted.get(i), lengths[i]))
        .toList();
  }

  /** Tells how many tokens of a draft were right; nothing happens after {@link #forget}. */
  void verified(Sequence sequence, int drafted, int accepted) {
    Drafter drafter = drafters.get(sequence);
    if (drafter != null) {
      drafter.verified(drafted, accepted);
    }
  }

  void forget(Sequence sequence) {
    drafters.remove(sequence);
  }

  private Drafter drafter(Sequence sequence) {
    return drafters.computeIfAbsent(sequence, key -> new Drafter(key, mostTokens));
  }
}
