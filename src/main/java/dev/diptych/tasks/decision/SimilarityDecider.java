package dev.diptych.tasks.decision;

import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.encoding.VectorOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads answers from an encoder that makes vectors of texts: by the cosine between the state and
 * each option.
 */
final class SimilarityDecider implements Decider {

  /** By which cosines are divided to be logarithms; measured with all-MiniLM-L6-v2. */
  private static final double TEMPERATURE = 0.05;

  private static final TextOptions WHOLE = new TextOptions(false, TruncationDirection.RIGHT, null);

  private final Embedder embedder;
  private final DecisionLimits limits;

  SimilarityDecider(Embedder embedder, DecisionLimits limits) {
    this.embedder = embedder;
    this.limits = limits;
  }

  @Override
  public Decisions decide(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    List<List<String>> texts = new ArrayList<>();
    texts.add(List.of(state));
    for (Question question : questions) {
      texts.add(texts(question));
    }
    TextBatches<String, float[]> batches =
        new TextBatches<>(
            limits,
            Math.min(TextBatches.AT_ONCE, embedder.limits().maxClientBatchSize()),
            batch -> vectors(batch, keeper));
    List<List<float[]>> vectors = batches.of(texts);
    float[] ofState = vectors.getFirst().getFirst();
    List<Answer> answers = new ArrayList<>();
    for (List<float[]> ofQuestion : vectors.subList(1, vectors.size())) {
      answers.add(
          Answer.ofScores(
              ofQuestion.stream().mapToDouble(v -> cosine(ofState, v) / TEMPERATURE).toArray(),
              null));
    }
    return new Decisions(answers, batches.tokens(), 0);
  }

  /* Only a predicate's sides say nothing without what is asked. */
  private static List<String> texts(Question question) {
    return switch (question) {
      case Question.Predicate(String instructions, String ifTrue, String ifFalse) ->
          List.of(
              Option.described(instructions + " yes", ifTrue),
              Option.described(instructions + " no", ifFalse));
      case Question.Choice choice -> choice.options().stream().map(Option::text).toList();
      case Question.Score score -> score.levels().stream().map(Option::text).toList();
    };
  }

  private TextBatches.Computed<float[]> vectors(List<String> batch, Keeper keeper) {
    Embeddings embeddings =
        embedder.embed(
            batch.stream().<EmbedInput>map(EmbedInput.Text::new).toList(),
            WHOLE,
            VectorOptions.DEFAULT,
            keeper);
    return new TextBatches.Computed<>(List.of(embeddings.vectors()), embeddings.metrics().tokens());
  }

  /* Of vectors of length 1. */
  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
