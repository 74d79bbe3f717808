package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The function behind a Dense module: a class of {@code torch.nn} that needs neither weights nor
 * arguments and works on each number alone.
 */
public enum DenseActivation {
  CELU("CELU"),
  ELU("ELU"),
  GELU("GELU"),
  HARD_SHRINK("Hardshrink"),
  HARD_SIGMOID("Hardsigmoid"),
  HARD_SWISH("Hardswish"),
  HARD_TANH("Hardtanh"),
  IDENTITY("Identity"),
  LEAKY_RELU("LeakyReLU"),
  LOG_SIGMOID("LogSigmoid"),
  MISH("Mish"),
  RELU("ReLU"),
  RELU_6("ReLU6"),
  SELU("SELU"),
  SIGMOID("Sigmoid"),
  SILU("SiLU"),
  SOFTPLUS("Softplus"),
  SOFT_SHRINK("Softshrink"),
  SOFTSIGN("Softsign"),
  TANH("Tanh"),
  TANH_SHRINK("Tanhshrink");

  /* As people write them, and as sentence-transformers saves them. */
  private static final Pattern NAME =
      Pattern.compile("torch\\.nn\\.(?:modules\\.(?:activation|linear)\\.)?(\\w+)");

  private final String className;

  DenseActivation(String className) {
    this.className = className;
  }

  /**
   * The function of a class such as {@code torch.nn.modules.activation.Tanh}.
   *
   * @param file that names it
   * @throws IOException if it is no class of torch, or one that needs more than a number
   */
  static DenseActivation named(String type, String file) throws IOException {
    Matcher matcher = NAME.matcher(type);
    if (matcher.matches()) {
      for (DenseActivation activation : values()) {
        if (activation.className.equals(matcher.group(1))) {
          return activation;
        }
      }
    }
    List<String> known = Arrays.stream(values()).map(one -> one.className).toList();
    throw new IOException(
        "%s: activation_function '%s' is not supported (supported: torch.nn.modules.linear.Identity,"
                .formatted(file, shortened(type))
            + " or of torch.nn.modules.activation: "
            + String.join(", ", known)
            + ")");
  }

  /** Applies it to each number, in place. */
  public void apply(float[] values) {
    if (this == IDENTITY) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) of(values[i]);
    }
  }

  private double of(double x) {
    return switch (this) {
      case CELU, ELU -> elu(x);
      case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
      case HARD_SHRINK -> Math.abs(x) <= 0.5 ? 0 : x;
      case HARD_SIGMOID -> clamp(x + 3, 0, 6) / 6;
      case HARD_SWISH -> x * clamp(x + 3, 0, 6) / 6;
      case HARD_TANH -> clamp(x, -1, 1);
      case IDENTITY -> x;
      case LEAKY_RELU -> x > 0 ? x : 0.01 * x;
      case LOG_SIGMOID -> -softplus(-x);
      case MISH -> x * Math.tanh(softplus(x));
      case RELU -> Math.max(x, 0);
      case RELU_6 -> clamp(x, 0, 6);
      case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SILU -> x / (1 + Math.exp(-x));
      case SOFTPLUS -> softplus(x);
      case SOFT_SHRINK -> x - clamp(x, -0.5, 0.5);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case TANH -> Math.tanh(x);
      case TANH_SHRINK -> x - Math.tanh(x);
    };
  }

  private static double clamp(double x, double least, double most) {
    return Math.min(Math.max(x, least), most);
  }

  private static double elu(double x) {
    return x > 0 ? x : Math.expm1(x);
  }

  private static double softplus(double x) {
    return x > 20 ? x : Math.log1p(Math.exp(x));
  }

  /* A series of positive terms, 2 / sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!! */
  private static double erf(double x) {
    double square = x * x;
    if (!(square < 36)) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
      term *= 2 * square / odd;
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-square) * sum;
  }
}
