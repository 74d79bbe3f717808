package dev.diptych.bench.pieces;

import dev.diptych.model.EncoderBatch;
import java.util.Random;

/** Inputs of arbitrary tokens, the same in each run; a forward pass takes as long with any. */
final class TokenIds {

  private TokenIds() {}

  static int[] any(int vocabularySize, int count) {
    return new Random(1).ints(count, 0, vocabularySize).toArray();
  }

  /** A batch of inputs of the same length. */
  static EncoderBatch batch(int vocabularySize, int inputs, int tokensOfEach) {
    int[] ids = any(vocabularySize, inputs * tokensOfEach);
    int[] offsets = new int[inputs + 1];
    for (int i = 0; i <= inputs; i++) {
      offsets[i] = i * tokensOfEach;
    }
    return new EncoderBatch(ids, new int[ids.length], offsets);
  }
}
