package dev.diptych.bench.pieces;

import dev.diptych.model.DecoderModel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A forward pass of SmolLM2 over a whole prompt of 512 tokens. */
@State(Scope.Benchmark)
public class PrefillBenchmark {

  private static final int TOKENS = 512;

  private final DefaultModels models = new DefaultModels();
  private final DecoderModel model = models.decoder(DefaultModels.SMOLLM2);
  private final int[] prompt = TokenIds.any(model.vocabularySize(), TOKENS);
  private final float[] logits = new float[model.vocabularySize()];

  /** A model with room for the prompt. */
  public PrefillBenchmark() {
    model.reserve(1, TOKENS);
  }

  @Benchmark
  public float[] prefill() {
    model.prefill(0, 0, prompt, 1, logits);
    return logits;
  }

  @TearDown
  public void close() {
    model.close();
    models.close();
  }
}
