package dev.diptych.tokenization.template;

/** What one rendering may still use. */
final class Budget {

  static final int MAX_STEPS = 2_000_000;
  static final int MAX_DEPTH = 500;
  static final int MAX_CALL_DEPTH = 50;

  /** Longest text, list or range. */
  static final int MAX_SIZE = 8_000_000;

  /** Characters and elements made altogether. */
  static final long MAX_MADE = 64_000_000;

  private int steps;
  private int depth;
  private int callDepth;
  private long made;

  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateFailed("more than %d steps".formatted(MAX_STEPS));
    }
  }

  void enter() {
    step();
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailed("nested deeper than %d".formatted(MAX_DEPTH));
    }
  }

  void leave() {
    depth--;
  }

  void enterCall() {
    if (++callDepth > MAX_CALL_DEPTH) {
      throw new TemplateFailed("macro calls nested deeper than %d".formatted(MAX_CALL_DEPTH));
    }
  }

  void leaveCall() {
    callDepth--;
  }

  /** Counts what an operation made. */
  void spend(Value value) {
    int size =
        switch (value) {
          case Value.Text text -> text.value().length();
          case Value.Sequence sequence -> sequence.items().size();
          default -> 1;
        };
    spend(size);
  }

  void spend(long size) {
    requireSize(size);
    made += size;
    if (made > MAX_MADE) {
      throw new TemplateFailed("more than %d characters of text".formatted(MAX_MADE));
    }
  }

  /** Refuses what would be too large, before it is made. */
  static void requireSize(long size) {
    if (size > MAX_SIZE) {
      throw new TemplateFailed(
          "a text, list or range of %d, more than the limit of %d".formatted(size, MAX_SIZE));
    }
  }
}
