package dev.diptych.sampling.constraint;

/** How far a text has come that has to hold a constraint. One text, one thread. */
public final class ConstraintState {

  private final CompiledConstraint constraint;
  private Configuration at;

  ConstraintState(CompiledConstraint constraint, Configuration at) {
    this.constraint = constraint;
    this.at = at;
  }

  /**
   * The tokens that may come next: those after which the text can still be completed, and those
   * that end a text only if it is complete. There is always one, unless it {@link #isFinished}.
   */
  public Mask mask() {
    return constraint.mask(at);
  }

  /**
   * Takes the next token.
   *
   * @throws IllegalArgumentException if the token may not come next; the state stays
   */
  public void accept(int token) {
    Configuration after = constraint.after(at, token);
    if (after.isDead()) {
      throw new IllegalArgumentException("the token %d may not come next".formatted(token));
    }
    at = after;
  }

  /** How many of the first of these tokens may come one after the other; the state stays. */
  public int foreseeable(int[] tokens) {
    Configuration after = at;
    for (int i = 0; i < tokens.length; i++) {
      after = constraint.after(after, tokens[i]);
      if (after.isDead()) {
        return i;
      }
    }
    return tokens.length;
  }

  /** Whether the text may end here. */
  public boolean isComplete() {
    return at.complete;
  }

  /** Whether the text is complete and nothing can follow. */
  public boolean isFinished() {
    return at.isFinished();
  }

  /** Fewest bytes with which the text is complete. */
  public int bytesToComplete() {
    return at.distance();
  }

  /** A state that goes on from here by itself. */
  public ConstraintState copy() {
    return new ConstraintState(constraint, at);
  }
}
