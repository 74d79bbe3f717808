package dev.diptych.tasks;

import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.tokenization.PairTokens;
import dev.diptych.tokenization.TextPairs;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.List;

/** Pairs that a classifier with a single label scores. */
final class ClassifiedPairs implements PairScorer {

  private final Labels labels;
  private final TextPairs pairs;

  /**
   * @throws IllegalArgumentException if the model has another head, or takes too few tokens
   */
  ClassifiedPairs(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.SequenceClassifier head)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of pairs of texts, so it cannot rank");
    }
    this.labels = head.labels();
    if (labels.names().size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d labels (%s), so it cannot rank, which takes a single one; diptych.models.classify serves it"
              .formatted(encoder.facts().name(), labels.names().size(), labels.excerpt()));
    }
    this.pairs = encoder.pairs();
  }

  @Override
  public EncoderTask task() {
    return new EncoderTask.TextLogits();
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public TextPairs pairs() {
    return pairs;
  }

  @Override
  public Truncation cut() {
    return Truncation.LONGEST_FIRST;
  }

  @Override
  public EncodingMetrics score(
      HeadedEncoder.Request request, List<PairTokens> pairs, int characters, float[] scores) {
    List<EncoderInput> inputs =
        pairs.stream().map(pair -> EncoderInput.of(pair.ids(), pair.typeIds())).toList();
    HeadedEncoder.Logits logits = request.compute(inputs, characters);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits.values()[i][0];
    }
    return logits.metrics();
  }
}
