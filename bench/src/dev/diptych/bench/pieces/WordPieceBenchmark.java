package dev.diptych.bench.pieces;

import dev.diptych.bench.Texts;
import dev.diptych.tokenization.Tokenizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** MiniLM's tokenizer on a text of 128 tokens. */
@State(Scope.Benchmark)
public class WordPieceBenchmark {

  private static final int TOKENS = 128;

  private final DefaultModels models = new DefaultModels();
  private final Tokenizer tokenizer = models.tokenizer(DefaultModels.MINILM);
  private final String text = new Texts(1).encoderText(TOKENS);

  /** Makes sure that the text has the tokens that the results name. */
  public WordPieceBenchmark() {
    if (encode().length != TOKENS) {
      throw new IllegalStateException("the text has %d tokens".formatted(encode().length));
    }
  }

  @Benchmark
  public final int[] encode() {
    return tokenizer.encode(text, true);
  }

  /** What the tokenizer library has to do in any case. */
  @Benchmark
  public Tokenizer.Encoding encodeWithOffsets() {
    return tokenizer.encodeWithOffsets(text, true);
  }

  @TearDown
  public void close() {
    models.close();
  }
}
