package dev.diptych.generation;

import dev.diptych.model.NextTokens;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that decode together, each with its last token and a draft of what follows it. The
 * index is the slot.
 */
record DecodeBatch(List<Sequence> sequences, List<int[]> drafts) {

  static final DecodeBatch NONE = new DecodeBatch(List.of(), List.of());

  DecodeBatch {
    sequences = List.copyOf(sequences);
    drafts = List.copyOf(drafts);
  }

  int count() {
    return sequences.size();
  }

  /** How many tokens each sequence has in it. */
  int[] lengths() {
    return drafts.stream().mapToInt(draft -> 1 + draft.length).toArray();
  }

  /** Tokens of all drafts. */
  int drafted() {
    int drafted = 0;
    for (int[] draft : drafts) {
      drafted += draft.length;
    }
    return drafted;
  }

  /** All tokens, sequence by sequence. */
  int[] tokens() {
    return IntStream.range(0, count())
        .flatMap(
            slot ->
                IntStream.concat(
                    IntStream.of(sequences.get(slot).last()), IntStream.of(drafts.get(slot))))
        .toArray();
  }

  /** The position of each sequence's first token. */
  int[] positions() {
    return sequences.stream().mapToInt(sequence -> sequence.size() - 1).toArray();
  }

  /** All of it as the model takes it. */
  NextTokens next() {
    return new NextTokens(count(), lengths(), tokens(), positions());
  }
}
