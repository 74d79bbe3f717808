package dev.diptych.torchscript;

import java.util.Locale;

/** In which numbers the linear layers compute. */
public enum Precision {
  /** Exact to rounding; the largest and slowest. */
  FLOAT32,
  /** Half the memory, about three digits; fast where the CPU or GPU has it in hardware. */
  BFLOAT16,
  /**
   * A quarter of the memory and the fastest on CPUs, with one scale per output channel of the
   * weights and one per token of the activations; a Llama's are spread over all channels before.
   */
  INT8;

  /** Scalar type numbers of libtorch. */
  private static final int TORCH_FLOAT32 = 6;

  private static final int TORCH_BFLOAT16 = 15;

  /**
   * How the linear layers of a model compute.
   *
   * @param kernel the kernel number of linear.py
   * @param activationType the scalar type of activations, as libtorch numbers it
   */
  record Kernel(int kernel, int activationType) {}

  /** The name in settings and in {@code /info}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Kernel kernel(TorchRuntime runtime, CpuFeatures cpu) {
    int exact = runtime.hasOneDnn() ? 1 : 0;
    return switch (this) {
      case FLOAT32 -> new Kernel(exact, TORCH_FLOAT32);
      case BFLOAT16 -> new Kernel(exact, TORCH_BFLOAT16);
      case INT8 -> new Kernel(cpu.amx() && runtime.hasOneDnn() ? 3 : 2, TORCH_FLOAT32);
    };
  }

  /**
   * The precision that a setting means on this machine.
   *
   * @param setting {@code auto} or a label
   * @param spread whether the model's forward pass spreads outliers, so that int8 keeps its quality
   * @throws IllegalStateException if int8 is asked for where its kernels do not exist
   */
  static Precision choose(String setting, boolean spread, TorchRuntime runtime, CpuFeatures cpu) {
    if ("auto".equals(setting)) {
      if (spread && !runtime.onGpu() && cpu.x86() && cpu.int8DotProduct()) {
        return INT8;
      }
      return runtime.onGpu() || cpu.bfloat16() ? BFLOAT16 : FLOAT32;
    }
    Precision precision = valueOf(setting.toUpperCase(Locale.ROOT));
    if (precision == INT8 && (runtime.onGpu() || !cpu.x86())) {
      throw new IllegalStateException(
          "diptych.models.precision is int8, whose kernels exist only on x86 CPUs");
    }
    return precision;
  }
}
