package dev.diptych.model.blueprint;

/**
 * How a part of a layer is joined to the stream: {@code behind(x + multiplier *
 * after(part(before(x))))}.
 *
 * @param before what the part reads
 * @param after what the part wrote
 * @param behind the sum
 */
public record Residual(Norm before, Norm after, Norm behind, double multiplier) {

  private static final Norm NONE = new Norm.None();

  /** Only what the part reads is normalised. */
  public static Residual before(Norm norm) {
    return new Residual(norm, NONE, NONE, 1);
  }

  /** Only what the part wrote is normalised. */
  public static Residual after(Norm norm) {
    return new Residual(NONE, norm, NONE, 1);
  }

  /** Only the sum is normalised. */
  public static Residual behind(Norm norm) {
    return new Residual(NONE, NONE, norm, 1);
  }

  /** What the part reads and what it wrote. */
  public static Residual around(Norm before, Norm after) {
    return new Residual(before, after, NONE, 1);
  }

  /** No norm at all. */
  public static Residual plain() {
    return new Residual(NONE, NONE, NONE, 1);
  }

  /** The same with what the part wrote times a number. */
  public Residual times(double factor) {
    return new Residual(before, after, behind, multiplier * factor);
  }
}
