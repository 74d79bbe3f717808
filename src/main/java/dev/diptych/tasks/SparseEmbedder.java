package dev.diptych.tasks;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.GrowingAnswer;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.TextEncoder;
import dev.diptych.encoding.TextOptions;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Turns texts into sparse vectors over the vocabulary, as SPLADE does: {@code log(1 + max(0, x))}
 * of the largest of each entry's masked-language-model logits among all tokens. Safe for use from
 * any number of threads.
 */
public final class SparseEmbedder implements AutoCloseable, ModelFacts.Known {

  /* Of a text's logits, one row as wide as the vocabulary, nothing but the vector is kept. */

  /** What one number takes until it is written. */
  private static final int BYTES_PER_NUMBER = Integer.BYTES + Float.BYTES;

  private static final EncoderTask TASK = new EncoderTask.LargestLogits();

  private final HeadedEncoder encoder;
  private final TextEncoder texts;

  /**
   * @throws IllegalArgumentException if the model has another head
   */
  public SparseEmbedder(HeadedEncoder encoder, Prompts prompts) {
    if (!(encoder.head() instanceof Head.MaskedLanguageModel)) {
      throw new IllegalArgumentException(
          encoder.facts().name()
              + " has no masked-language-model head, so it cannot make sparse vectors");
    }
    this.encoder = encoder;
    this.texts = new TextEncoder(encoder.tokenizer(), encoder.limits(), prompts);
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /**
   * One sparse vector per input.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if an input is empty or too long, or there are too many
   * @throws dev.diptych.Overloaded if there is no place for all of them, or no memory
   */
  public SparseEmbeddings embed(List<EmbedInput> inputs, TextOptions options, Keeper keeper) {
    return encoder.answer(
        TASK,
        inputs.size(),
        () -> encoder.limits().checkBatch(inputs.size()),
        keeper,
        request -> {
          GrowingAnswer answer = request.growing();
          SparseVector[] vectors = new SparseVector[inputs.size()];
          List<EncoderInput> encoded = new ArrayList<>(inputs.size());
          for (EncoderInput input : texts.encode(inputs, options)) {
            int place = encoded.size();
            encoded.add(input.readBy((_, logits) -> vectors[place] = vector(logits, answer)));
          }
          EncodingMetrics metrics =
              request.read(encoded, inputs.stream().mapToInt(EmbedInput::characters).sum());
          return new SparseEmbeddings(
              Arrays.stream(vectors).map(Objects::requireNonNull).toList(), metrics);
        });
  }

  private static SparseVector vector(float[] logits, GrowingAnswer answer) {
    int count = 0;
    for (float logit : logits) {
      if (Float.isNaN(logit) || logit == Float.POSITIVE_INFINITY) {
        throw new InferenceFailed("the model gave a number that is not finite: " + logit);
      }
      count += logit > 0 ? 1 : 0;
    }
    answer.grow((long) count * BYTES_PER_NUMBER);
    int[] indices = new int[count];
    float[] values = new float[count];
    int next = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > 0) {
        indices[next] = i;
        values[next++] = (float) Math.log1p(logits[i]);
      }
    }
    return new SparseVector(indices, values);
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
