package dev.diptych.torchscript;

import java.util.Locale;

/** In which numbers the linear layers compute. */
public enum Precision {
  /** Exact to rounding; the largest and slowest. */
  FLOAT32,
  /** Half the memory, about three digits; fast where the CPU or GPU has it in hardware. */
  BFLOAT16,
  /**
   * A quarter of the memory: weights with one scale per output channel, activations with one per
   * token.
   */
  INT8;

  /** Scalar type numbers of libtorch. */
  private static final int TORCH_FLOAT32 = 6;

  private static final int TORCH_BFLOAT16 = 15;

  /** The name in settings and in {@code /info}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scalar type of activations, as libtorch numbers it. */
  int activationType() {
    return this == BFLOAT16 ? TORCH_BFLOAT16 : TORCH_FLOAT32;
  }

  /** The kernel number of linear.py. */
  int kernel(TorchRuntime runtime) {
    return switch (this) {
      case FLOAT32, BFLOAT16 -> runtime.hasOneDnn() ? 1 : 0;
      case INT8 -> 2;
    };
  }

  /**
   * The precision that a setting means on this machine.
   *
   * @param setting {@code auto} or a label
   * @param decoder whether it is for a decoder, whose single-token steps are bound by the memory of
   *     the weights
   * @throws IllegalStateException if int8 is asked for where its kernels do not exist
   */
  static Precision choose(String setting, boolean decoder, TorchRuntime runtime, CpuFeatures cpu) {
    boolean int8 = cpu.x86() && !runtime.onGpu();
    if (!"auto".equals(setting)) {
      Precision precision = valueOf(setting.toUpperCase(Locale.ROOT));
      if (precision == INT8 && !int8) {
        throw new IllegalStateException(
            "diptych.models.precision is int8, whose kernels exist only on x86 CPUs");
      }
      return precision;
    }
    if (runtime.onGpu()) {
      return BFLOAT16;
    }
    if (decoder) {
      return int8 ? INT8 : FLOAT32;
    }
    return cpu.bfloat16() ? BFLOAT16 : FLOAT32;
  }
}
