package dev.diptych.http.embed;

import dev.diptych.tasks.Classification;
import dev.diptych.tasks.ScoreFunction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How likely one label is. */
record Prediction(
    @Schema(example = "0.9976") float score, @Schema(example = "positive") String label) {

  /** Every label of one text, the most likely first. */
  static List<Prediction> of(Classification classification, int text, boolean raw) {
    List<String> names = classification.labels().names();
    float[] scores =
        classification.scores(
            text, raw ? ScoreFunction.NONE : ScoreFunction.ofNumber(names.size()));
    List<Prediction> predictions = new ArrayList<>(scores.length);
    for (int i = 0; i < scores.length; i++) {
      predictions.add(new Prediction(scores[i], names.get(i)));
    }
    predictions.sort(Comparator.comparingDouble(Prediction::score).reversed());
    return predictions;
  }
}
