package dev.diptych.bench.pieces;

import dev.diptych.sampling.constraint.Constraint;
import dev.diptych.sampling.constraint.ConstraintState;
import dev.diptych.sampling.constraint.Constraints;
import dev.diptych.sampling.constraint.Mask;
import dev.diptych.tokenization.Tokenizer;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Which of SmolLM2's tokens may come next in a text that has to hold a shape. */
@State(Scope.Benchmark)
public class MaskBenchmark {

  private static final int VOCABULARY = 49_152;
  private static final int LETTERS = 9000; // each at a place of its own

  private final DefaultModels models = new DefaultModels();
  private final Tokenizer tokenizer = models.tokenizer(DefaultModels.SMOLLM2);
  private final int letter = tokenizer.id("a").orElseThrow();
  private final int quote = tokenizer.id("\"").orElseThrow();
  private final Constraints constraints =
      new Constraints(tokenizer.tokenBytes(VOCABULARY), Set.of());
  private final ConstraintState string = start("\"([^\"\\\\\\x00-\\x1f])*\"");
  private final float[] logits = new float[VOCABULARY];
  private ConstraintState counted = string.copy();
  private int iterations;
  private int letters;

  /** Goes into the string. */
  public MaskBenchmark() {
    string.accept(quote);
  }

  private ConstraintState start(String pattern) {
    return constraints.compile(new Constraint.Regex(pattern)).start();
  }

  /** Begins with places of which nothing is known. */
  @Setup(Level.Iteration)
  public void forget() {
    counted = start("[a-z ]{%d,%d}".formatted(++iterations, LETTERS));
    letters = 0;
  }

  /** Every place of a counted text is another one, whose mask is not known. */
  @Benchmark
  public Mask fresh() {
    if (++letters == LETTERS) {
      forget();
    }
    counted.accept(letter);
    return counted.mask();
  }

  /** The place inside of a string is the same after each letter. */
  @Benchmark
  public float[] known() {
    string.accept(letter);
    string.mask().apply(logits, 0);
    return logits;
  }

  @TearDown
  public void close() {
    models.close();
  }
}
