package dev.diptych.sampling.constraint;

import dev.diptych.tokenization.TokenBytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Compiles constraints for the vocabulary of one model, and keeps the latest. Safe for use from any
 * number of threads.
 */
public final class Constraints {

  /* JSON schemas that are equal differ by the order of their properties. */
  private record Key(Constraint constraint, String text) {}

  private static final int MOST_KEPT = 64;
  private static final long MOST_BYTES = 64L << 20;

  private final MaskedVocabulary vocabulary;
  private final MaskMemory memory;
  private final long mostBytes;
  private final CommonAutomata common = new CommonAutomata();
  private final Map<Key, CompiledConstraint> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A compiler.
   *
   * @param vocabulary of the size of the model's logits
   * @param endOfText the tokens that end a text
   */
  public Constraints(TokenBytes vocabulary, Set<Integer> endOfText) {
    this(vocabulary, endOfText, Runtime.getRuntime().maxMemory() / 16);
  }

  /** A compiler that keeps so much of the heap, half of it for masks. */
  Constraints(TokenBytes vocabulary, Set<Integer> endOfText, long mostBytes) {
    this.vocabulary = new MaskedVocabulary(vocabulary, endOfText);
    this.memory = new MaskMemory(Math.min(MOST_BYTES, mostBytes / 2));
    this.mostBytes = Math.min(MOST_BYTES, mostBytes / 2);
  }

  /**
   * The constraint, ready for use; one after the other, as it may take a processor for some time.
   *
   * @throws dev.diptych.InvalidInput if it is malformed, too complex, has a part that is not
   *     supported, or if nothing fits it
   */
  public synchronized CompiledConstraint compile(Constraint constraint) {
    Key key = new Key(constraint, constraint.toString());
    CompiledConstraint known = kept.get(key);
    if (known == null) {
      known = ConstraintCompiler.compile(constraint, vocabulary, memory, common);
      kept.put(key, known);
    }
    forgetOldest();
    return known;
  }

  private void forgetOldest() {
    long bytes = kept.values().stream().mapToLong(CompiledConstraint::bytes).sum();
    Iterator<CompiledConstraint> oldest = kept.values().iterator();
    while (kept.size() > 1 && (kept.size() > MOST_KEPT || bytes > mostBytes)) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** How many are kept. */
  synchronized int kept() {
    return kept.size();
  }
}
