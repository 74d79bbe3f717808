package dev.diptych.sampling.constraint;

/**
 * A constraint over a vocabulary. Shared by all texts that have to hold it, with what is found out
 * about it.
 */
public final class CompiledConstraint {

  private final Pushdown pushdown;
  private final MaskedVocabulary vocabulary;
  private final MaskMemory memory;
  private final Configuration start;
  private final long bytes;

  CompiledConstraint(Grammar grammar, MaskedVocabulary vocabulary, MaskMemory memory) {
    this.pushdown = new Pushdown(grammar, vocabulary.spelled());
    this.vocabulary = vocabulary;
    this.memory = memory;
    this.start = pushdown.start();
    this.bytes = grammar.bytes();
  }

  /** The state of a text that has not begun. */
  public ConstraintState start() {
    return new ConstraintState(this, start);
  }

  /** What it takes of the heap, about, with what has been found out. */
  public synchronized long bytes() {
    return bytes + pushdown.bytes();
  }

  boolean isEmptyText() {
    return start.isFinished();
  }

  synchronized Mask mask(Configuration configuration) {
    Mask known = configuration.mask;
    if (known == null) {
      known = vocabulary.mask(pushdown, configuration);
      memory.keep(configuration, known);
    }
    return known;
  }

  synchronized Configuration after(Configuration configuration, int token) {
    if (vocabulary.isEnd(token)) {
      return configuration.complete ? configuration : Configuration.DEAD;
    }
    byte[] bytes = token < vocabulary.tokens().size() ? vocabulary.tokens().of(token) : null;
    Configuration reached =
        bytes == null || bytes.length == 0
            ? pushdown.afterSpecial(configuration, token)
            : pushdown.after(configuration, bytes);
    return pushdown.kept(reached);
  }
}
