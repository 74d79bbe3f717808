package dev.diptych.bench.pieces;

import dev.diptych.model.DecoderModel;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A forward pass of SmolLM2 with one token for each sequence, each with 128 tokens before it. */
@State(Scope.Benchmark)
public class DecodeStepBenchmark {

  private static final int CACHED = 128;
  private static final int ROOM = 256;
  private static final int MOST_ROWS = 32;

  @Param({"1", "8", "32"})
  public int rows;

  private final DefaultModels models = new DefaultModels();
  private final DecoderModel model = models.decoder(DefaultModels.SMOLLM2);
  private final int[] tokens = TokenIds.any(model.vocabularySize(), MOST_ROWS);
  private final int[] lengths = new int[MOST_ROWS];
  private final int[] positions = new int[MOST_ROWS];
  private final float[] logits = new float[MOST_ROWS * model.vocabularySize()];

  @Setup
  public void fillCache() {
    model.reserve(rows, ROOM);
    int[] prompt = TokenIds.any(model.vocabularySize(), CACHED);
    for (int slot = 0; slot < rows; slot++) {
      model.prefill(slot, 0, prompt, 0, null);
    }
    Arrays.fill(lengths, 1);
    Arrays.fill(positions, CACHED);
  }

  /** The same step each time: the token overwrites itself in the cache. */
  @Benchmark
  public float[] step() {
    model.decode(rows, lengths, tokens, positions, logits);
    return logits;
  }

  @TearDown
  public void close() {
    model.close();
    models.close();
  }
}
