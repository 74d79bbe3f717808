package dev.diptych.model.blueprint;

/**
 * How tokens become hidden states: the sum of what their id, place and segment look up, normalised
 * and projected.
 *
 * @param width of the tables; where it is not the width of a hidden state, a linear layer with bias
 *     follows
 * @param positions rows of the table of learned positions; 0 without
 * @param firstPosition the row of the first token, 0 or one more than the id of padding
 * @param types rows of the table of segments; 0 without
 * @param norm of the sum
 * @param multiplier of what tokens look up
 */
public record Embeddings(
    int width, int positions, int firstPosition, int types, Norm norm, double multiplier) {

  /** Tokens alone. */
  public static Embeddings ofTokens(int width) {
    return new Embeddings(width, 0, 0, 0, new Norm.None(), 1);
  }

  /** The same times a number. */
  public Embeddings times(double factor) {
    return new Embeddings(width, positions, firstPosition, types, norm, multiplier * factor);
  }
}
