package dev.diptych.http.rerank;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.diptych.tasks.Ranking;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well one document answers the query.
 *
 * @param index its place in the request
 * @param relevanceScore between 0 and 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RankedDocument(
    @Schema(example = "0") int index,
    @Schema(example = "0.9976", minimum = "0", maximum = "1") float relevanceScore,
    @Schema(description = "The document, where it is asked for") @Nullable Text document) {

  /** What a document says. */
  @Schema(name = "RankedText")
  record Text(@Schema(example = "Paris is the capital of France.") String text) {}

  /**
   * The best documents, best first.
   *
   * @param most how many at most; null tells all
   */
  static List<RankedDocument> best(
      Ranking ranking, @Nullable Integer most, List<String> texts, boolean tellsTexts) {
    float[] scores = ranking.scores(false);
    return Arrays.stream(ranking.best(most == null ? texts.size() : most))
        .mapToObj(
            text ->
                new RankedDocument(
                    text, scores[text], tellsTexts ? new Text(texts.get(text)) : null))
        .toList();
  }
}
