package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import java.util.List;

/**
 * Puts texts, or pairs of them, into the classes of a model. Safe for use from any number of
 * threads.
 */
public final class TextClassifier implements AutoCloseable, ModelFacts.Known {

  /** What a logit takes until its answer is written, with the score and the label beside it. */
  private static final int BYTES_PER_LOGIT = 64;

  private static final EncoderTask TASK = new EncoderTask.TextLogits();

  private final HeadedEncoder encoder;
  private final Labels labels;
  private final ClassifierInputs inputs;

  /**
   * @throws IllegalArgumentException if the model has another head, or takes too few tokens
   */
  public TextClassifier(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.SequenceClassifier head)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of texts, so it cannot classify");
    }
    this.encoder = encoder;
    this.labels = head.labels();
    this.inputs = new ClassifierInputs(encoder);
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /** The classes. */
  public Labels labels() {
    return labels;
  }

  /** What a request may ask for. */
  public EncoderLimits limits() {
    return encoder.limits();
  }

  /**
   * Classifies as many texts and pairs as the service's setting allows in one request.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if there is none or too many, or one is empty, or too long and not to be
   *     cut
   * @throws dev.diptych.Overloaded if there is no place for all of them, or no memory for the
   *     answer
   */
  public Classification classify(
      List<ClassifierInput> texts, ClassifierOptions options, Keeper keeper) {
    return classify(texts, options, limits().batch(), keeper);
  }

  /** As {@link #classify(List, ClassifierOptions, Keeper)}, with another bound for the texts. */
  public Classification classify(
      List<ClassifierInput> texts, ClassifierOptions options, BatchLimit limit, Keeper keeper) {
    return encoder.answer(
        TASK,
        texts.size(),
        () -> limit.check(texts.size(), "inputs"),
        keeper,
        request -> {
          request.reserve((long) texts.size() * labels.names().size() * BYTES_PER_LOGIT);
          List<EncoderInput> encoded = inputs.encode(texts, options);
          HeadedEncoder.Logits logits =
              request.compute(encoded, texts.stream().mapToInt(ClassifierInput::characters).sum());
          return new Classification(labels, logits.values(), logits.metrics());
        });
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
