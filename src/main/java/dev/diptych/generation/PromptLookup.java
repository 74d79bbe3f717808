package dev.diptych.generation;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The drafts of all sequences that decode, within a bound on the rows of a step. */
final class PromptLookup {

  /*
   * While few sequences decode a draft costs little beside the step, and the drafters know best.
   * Beside many it must be likely to be right, as it gains a token or two where the step gains one
   * for each sequence. Measured in rows, a step takes STEP_ROWS and one for each sequence, a draft
   * DRAFT_ROWS, most of them for an attention call of its own.
   */

  private static final int FEW_SEQUENCES = 4;
  private static final double STEP_ROWS = 24;
  private static final double DRAFT_ROWS = 2.4;

  private final int mostTokens;
  private final int mostRows;
  private final Map<Sequence, Drafter> drafters = new HashMap<>();

  /**
   * A lookup that knows no sequence.
   *
   * @param mostTokens longest draft; 0 makes none
   * @param mostRows of a step that has drafts
   */
  PromptLookup(int mostTokens, int mostRows) {
    this.mostTokens = mostTokens;
    this.mostRows = mostRows;
  }

  /** A draft for each sequence of a batch, all cut to an equal share where rows are short. */
  List<int[]> drafts(List<Sequence> batch) {
    int spare = mostRows - batch.size();
    if (mostTokens == 0 || spare <= 0) {
      return Collections.nCopies(batch.size(), Drafter.NO_DRAFT);
    }
    double worthwhile =
        batch.size() <= FEW_SEQUENCES ? 0 : DRAFT_ROWS * batch.size() / (STEP_ROWS + batch.size());
    List<int[]> wanted =
        batch.stream().map(sequence -> draft(drafter(sequence), worthwhile)).toList();
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

  private static int[] draft(Drafter drafter, double worthwhile) {
    int[] draft = drafter.draft();
    return drafter.expectedAccepted() < worthwhile ? Drafter.NO_DRAFT : draft;
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
