package dev.diptych.tokenization.template;

/** Arithmetic of Python's numbers; integers have 64 bits and fail beyond them. */
final class Numbers {

  private Numbers() {}

  static Value calculate(Operators.Arithmetic operator, Value left, Value right) {
    boolean real = left instanceof Value.Real || right instanceof Value.Real;
    if (real || operator == Operators.Arithmetic.DIVIDE) {
      return new Value.Real(reals(operator, Operators.real(left), Operators.real(right)));
    }
    try {
      return integers(operator, Operators.integer(left), Operators.integer(right));
    } catch (ArithmeticException e) {
      throw new TemplateFailed("an integer beyond 64 bits");
    }
  }

  private static double reals(Operators.Arithmetic operator, double left, double right) {
    return switch (operator) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / nonZero(right);
      case FLOOR_DIVIDE -> Math.floor(left / nonZero(right));
      case REMAINDER -> remainder(left, nonZero(right));
      case POWER -> Math.pow(left, right);
    };
  }

  private static double remainder(double left, double right) {
    double rest = left % right;
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
  }

  private static Value integers(Operators.Arithmetic operator, long left, long right) {
    return switch (operator) {
      case ADD -> Value.of(Math.addExact(left, right));
      case SUBTRACT -> Value.of(Math.subtractExact(left, right));
      case MULTIPLY -> Value.of(Math.multiplyExact(left, right));
      case FLOOR_DIVIDE -> Value.of(Math.floorDivExact(left, nonZero(right)));
      case REMAINDER -> Value.of(Math.floorMod(left, nonZero(right)));
      case POWER ->
          right < 0 ? new Value.Real(Math.pow((double) left, (double) right)) : power(left, right);
      case DIVIDE -> new Value.Real((double) left / nonZero(right));
    };
  }

  private static Value power(long base, long exponent) {
    if (base == 0 || base == 1 || base == -1) {
      boolean odd = exponent % 2 != 0;
      return Value.of(exponent == 0 ? 1 : odd ? base : base * base);
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result = Math.multiplyExact(result, base);
    }
    return Value.of(result);
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new TemplateFailed("division by zero");
    }
    return divisor;
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new TemplateFailed("division by zero");
    }
    return divisor;
  }
}
