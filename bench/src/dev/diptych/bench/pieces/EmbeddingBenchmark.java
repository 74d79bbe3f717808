package dev.diptych.bench.pieces;

import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Pooling;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A forward pass of MiniLM with its pooling. */
@State(Scope.Benchmark)
public class EmbeddingBenchmark {

  private final DefaultModels models = new DefaultModels();
  private final EncoderModel model = models.encoder(DefaultModels.MINILM);
  private final EncoderBatch batch = TokenIds.batch(model.vocabularySize(), 32, 128);
  private final EncoderBatch shortText = TokenIds.batch(model.vocabularySize(), 1, 12);

  /** 32 texts of 128 tokens. */
  @Benchmark
  public float[][] batch() {
    return model.pooled(batch, Pooling.MEAN);
  }

  /** One text of 12 tokens. */
  @Benchmark
  public float[][] shortText() {
    return model.pooled(shortText, Pooling.MEAN);
  }

  @TearDown
  public void close() {
    model.close();
    models.close();
  }
}
