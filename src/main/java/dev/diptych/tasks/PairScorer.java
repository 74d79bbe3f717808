package dev.diptych.tasks;

import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.tokenization.PairTokens;
import dev.diptych.tokenization.TextPairs;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.List;

/** How a model tells in one number whether the second text of a pair answers the first. */
sealed interface PairScorer permits ClassifiedPairs, JudgedPairs {

  /** What is computed. */
  EncoderTask task();

  /** The single label. */
  Labels labels();

  /** Pairs as the model reads them. */
  TextPairs pairs();

  /** What is left out of pairs that are too long and may be cut. */
  Truncation cut();

  /**
   * Scores all pairs of a request; called once for it.
   *
   * @param characters code points of the texts
   * @param scores logits to write, {@code [pairs]}
   */
  EncodingMetrics score(
      HeadedEncoder.Request request, List<PairTokens> pairs, int characters, float[] scores);
}
