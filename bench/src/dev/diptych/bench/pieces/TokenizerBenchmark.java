package dev.diptych.bench.pieces;

import dev.diptych.bench.Texts;
import dev.diptych.tokenization.StreamingDetokenizer;
import dev.diptych.tokenization.Tokenizer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SmolLM2's tokenizer on a text of 128 tokens, and on a stream of them. */
@State(Scope.Benchmark)
public class TokenizerBenchmark {

  private static final int TOKENS = 128;

  private final DefaultModels models = new DefaultModels();
  private final Tokenizer tokenizer = models.tokenizer(DefaultModels.SMOLLM2);
  private final String text = new Texts(1).words(TOKENS);
  private final int[] ids = tokenizer.encode(text, false);
  private final StreamingDetokenizer detokenizer = tokenizer.detokenizer(List.of());
  private int next;

  /** Makes sure that the text has the tokens that the results name. */
  public TokenizerBenchmark() {
    if (ids.length != TOKENS) {
      throw new IllegalStateException("the text has %d tokens".formatted(ids.length));
    }
  }

  @Benchmark
  public int[] encode() {
    return tokenizer.encode(text, false);
  }

  @Benchmark
  public String decode() {
    return tokenizer.decode(ids, true);
  }

  /** One token of an endless stream, which is the text over and over. */
  @Benchmark
  public String stream() {
    next = (next + 1) % TOKENS;
    return detokenizer.append(ids[next]);
  }

  @TearDown
  public void close() {
    models.close();
  }
}
