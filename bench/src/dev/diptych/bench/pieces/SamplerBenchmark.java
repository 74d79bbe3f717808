package dev.diptych.bench.pieces;

import dev.diptych.sampling.Candidates;
import dev.diptych.sampling.SampledToken;
import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.TokenSampler;
import java.util.Map;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The choice of one token from a row of logits as wide as SmolLM2's vocabulary. */
@State(Scope.Benchmark)
public class SamplerBenchmark {

  private static final int VOCABULARY = 49_152;
  private static final int ROWS = 16; // in turn, so that no row is learnt by heart
  private static final float DEVIATION = 3;
  private static final int[] NO_TOKENS = {};

  private final Candidates candidates = new Candidates(VOCABULARY);
  private final TokenSampler greedy =
      new TokenSampler(SamplingParameters.GREEDY, false, 1, 0, candidates);
  private final TokenSampler drawing =
      new TokenSampler(
          new SamplingParameters(
              true, 0.7f, 50, 0.9f, null, null, null, null, null, null, Map.of(), null),
          false,
          1,
          0,
          candidates);
  private final float[] logits = new float[ROWS * VOCABULARY];
  private int next;

  /** Rows of normally distributed logits. */
  public SamplerBenchmark() {
    Random random = new Random(1);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() * DEVIATION;
    }
  }

  /** The most probable token. */
  @Benchmark
  public SampledToken greedy() {
    return greedy.sample(logits, offset(), NO_TOKENS, 0, 0);
  }

  /** A token drawn after temperature, top-k and top-p. */
  @Benchmark
  public SampledToken drawn() {
    return drawing.sample(logits, offset(), NO_TOKENS, 0, 0);
  }

  private int offset() {
    next = (next + 1) % ROWS;
    return next * VOCABULARY;
  }
}
