package dev.diptych.tokenization.template;

import java.time.Duration;

/** What one rendering may still use. */
final class Budget {

  static final int MAX_STEPS = 2_000_000;
  static final int MAX_DEPTH = 500;
  static final int MAX_CALL_DEPTH = 50;

  /** Longest text in UTF-16 units, the output included. */
  static final int MAX_TEXT = 4_000_000;

  /** Longest list or range. */
  static final int MAX_ITEMS = 100_000;

  /** Longest time, which bounds what single steps may cost. */
  static final Duration MAX_TIME = Duration.ofSeconds(5);

  /** Characters and elements made altogether. */
  static final long MAX_MADE = 64_000_000;

  private final long started = System.nanoTime();
  private int steps;
  private int depth;
  private int callDepth;
  private long made;

  void step() {
    if (System.nanoTime() - started > MAX_TIME.toNanos()) {
      throw new TemplateFailed("more than %d seconds".formatted(MAX_TIME.toSeconds()));
    }
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
    if (value instanceof Value.Text text) {
      spend(text.value().length());
    }
    if (value instanceof Value.Sequence sequence) {
      requireItems(sequence.items().size());
      spend(sequence.items().size());
    }
  }

  void spend(long size) {
    requireText(size);
    made += size;
    if (made > MAX_MADE) {
      throw new TemplateFailed("more than %d characters and elements".formatted(MAX_MADE));
    }
  }

  /** Refuses a text that would be too long, before it is made. */
  static void requireText(long length) {
    if (length > MAX_TEXT) {
      throw new TemplateFailed(
          "a text of %d characters, more than the limit of %d".formatted(length, MAX_TEXT));
    }
  }

  /** Refuses a list that would be too long, before it is made. */
  static void requireItems(long size) {
    if (size > MAX_ITEMS) {
      throw new TemplateFailed(
          "a list or range of %d, more than the limit of %d".formatted(size, MAX_ITEMS));
    }
  }
}
