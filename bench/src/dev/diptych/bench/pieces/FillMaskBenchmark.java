package dev.diptych.bench.pieces;

import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A forward pass of BERT-base over a text of 12 tokens, with the logits of one mask. */
@State(Scope.Benchmark)
public class FillMaskBenchmark {

  private static final int TOKENS = 12;
  private static final int[] MASK = {TOKENS / 2};

  private final DefaultModels models = new DefaultModels();
  private final EncoderModel model = models.encoder(DefaultModels.BERT);
  private final EncoderBatch text = TokenIds.batch(model.vocabularySize(), 1, TOKENS);

  @Benchmark
  public float[][] fillMask() {
    return model.maskedLanguageModelLogits(text, MASK);
  }

  @TearDown
  public void close() {
    model.close();
    models.close();
  }
}
