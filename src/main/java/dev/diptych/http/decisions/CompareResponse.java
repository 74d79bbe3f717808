package dev.diptych.http.decisions;

import dev.diptych.tasks.decision.Answer;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.Decisions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same questions answered by both halves.
 *
 * @param decoder who answered there, and what it cost
 * @param encoder likewise
 * @param answers side by side, by the questions' ids, in their order
 */
record CompareResponse(Side decoder, Side encoder, Map<String, SideBySide> answers) {

  private static final double NANOSECONDS = 1e6; // in a millisecond

  /** One half with its answers. */
  record Half(Deciders.Chosen chosen, Decisions decisions, Duration time) {

    private Side side() {
      return new Side(
          chosen.model(),
          chosen.how(),
          time.toNanos() / NANOSECONDS,
          decisions.inputTokens(),
          decisions.cachedTokens());
    }
  }

  /**
   * One half.
   *
   * @param how it answers
   * @param milliseconds for all questions together, while the other half did nothing
   * @param inputTokens of all prompts or texts that it read
   * @param cachedTokens how many of them did not have to be computed
   */
  @Schema(name = "ComparedSide")
  record Side(
      @Schema(example = "smollm2-135m-instruct") String model,
      @Schema(
              description =
                  "labels (logits of a decoder), classifier, cloze (words for masks) or similarity"
                      + " (of embeddings)",
              allowableValues = {"labels", "classifier", "cloze", "similarity"})
          String how,
      @Schema(example = "41.7") double milliseconds,
      @Schema(example = "240") long inputTokens,
      @Schema(example = "110") long cachedTokens) {}

  /**
   * One question.
   *
   * @param agree whether both think the same answer most probable
   * @param confidence of each in its answer
   */
  @Schema(name = "ComparedAnswer")
  record SideBySide(
      AnswerBody decoder, AnswerBody encoder, boolean agree, Confidences confidence) {}

  /** How far each is above chance, from 0 to 1. */
  @Schema(name = "ComparedConfidences")
  record Confidences(
      @Schema(minimum = "0", maximum = "1", example = "0.31") double decoder,
      @Schema(minimum = "0", maximum = "1", example = "0.74") double encoder) {}

  static CompareResponse of(List<Asked> asked, Half decoder, Half encoder) {
    Map<String, SideBySide> answers = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Asked question = asked.get(i);
      Answer ofDecoder = decoder.decisions().answers().get(i);
      Answer ofEncoder = encoder.decisions().answers().get(i);
      answers.put(
          question.id(),
          new SideBySide(
              AnswerBody.of(question, ofDecoder),
              AnswerBody.of(question, ofEncoder),
              ofDecoder.best() == ofEncoder.best(),
              new Confidences(
                  ofDecoder.confidenceIn(question.question()),
                  ofEncoder.confidenceIn(question.question()))));
    }
    return new CompareResponse(decoder.side(), encoder.side(), answers);
  }
}
