package dev.diptych.model.blueprint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model makes of its hidden states. */
public sealed interface Head {

  /** Nothing: hidden states are what it answers. */
  record None() implements Head {}

  /**
   * Logits of the next token.
   *
   * @param tied whether it multiplies with the token embeddings, whatever else a checkpoint stores
   * @param multiplier of the logits
   * @param softcap bound of the logits, by a hyperbolic tangent; 0 without
   */
  record LanguageModel(boolean tied, boolean bias, double multiplier, double softcap)
      implements Head {

    public LanguageModel(boolean tied) {
      this(tied, false, 1, 0);
    }
  }

  /**
   * Logits of the token behind a mask.
   *
   * @param transform what comes before; null without
   */
  record MaskedLanguageModel(boolean tied, @Nullable Transform transform, boolean bias)
      implements Head {}

  /**
   * One row of logits for a text, or a pair of texts.
   *
   * @param transform of what is pooled; null without
   * @param transformFirst whether each token passes the transform before all are pooled
   */
  record SequenceClassifier(
      Labels labels,
      Pooling pooling,
      @Nullable Transform transform,
      boolean transformFirst,
      boolean bias)
      implements Head {

    public SequenceClassifier(
        Labels labels, Pooling pooling, @Nullable Transform transform, boolean bias) {
      this(labels, pooling, transform, false, bias);
    }
  }

  /** One row of logits for each token. */
  record TokenClassifier(Labels labels, @Nullable Transform transform, boolean bias)
      implements Head {}

  /** Logits of each token to be the first and the last one of an answer. */
  record QuestionAnswering(@Nullable Transform transform) implements Head {}

  /** A linear layer of its own width, a function, and a norm. */
  record Transform(int width, boolean bias, Activation activation, Norm norm) {}

  /**
   * The classes.
   *
   * @param names in the order of the logits
   * @param problem {@code problem_type} of config.json; null if it is not there
   */
  record Labels(List<String> names, @Nullable String problem) {

    private static final int SHOWN = 5;

    public Labels {
      names = List.copyOf(names);
    }

    /** The first names, for messages. */
    public String excerpt() {
      String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
      return names.size() > SHOWN ? shown + ", …" : shown;
    }
  }
}
