package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which labels of a text are told, as by the text-classification pipeline of transformers ({@code
 * pipelines/text_classification.py}).
 *
 * @param topK most labels, from 1; null for all
 * @param function what makes scores of logits; null for what fits the model
 */
public record TextLabels(@Nullable Integer topK, @Nullable ScoreFunction function) {

  /**
   * @throws InvalidInput if none is wanted
   */
  public TextLabels {
    if (topK != null && topK < 1) {
      throw new InvalidInput("`top_k` must be at least 1. Given: %d".formatted(topK));
    }
  }

  /** The labels of each text, the best first; of equals the first of the model. */
  public List<List<LabelScore>> of(Classification classification) {
    return IntStream.range(0, classification.logits().length)
        .mapToObj(text -> of(classification, text))
        .toList();
  }

  private List<LabelScore> of(Classification classification, int text) {
    List<String> names = classification.labels().names();
    float[] scores =
        classification.scores(
            text, function == null ? ScoreFunction.ofProblem(classification.labels()) : function);
    return IntStream.range(0, scores.length)
        .mapToObj(label -> new LabelScore(names.get(label), scores[label]))
        .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
        .limit(topK == null ? scores.length : topK)
        .toList();
  }
}
