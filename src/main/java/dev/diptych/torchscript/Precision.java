package dev.diptych.torchscript;

import java.util.Locale;

/** In which numbers the linear layers compute. */
public enum Precision {
  /** Exact to rounding; the largest and slowest. */
  FLOAT32,
  /**
   * Half the memory, more than three digits. On CPUs only the weights, widened as they are used,
   * which is faster than float32; x86 only.
   */
  FLOAT16,
  /** Half the memory, more than two digits; fast where the CPU or GPU has it in hardware. */
  BFLOAT16,
  /**
   * A quarter of the memory and the fastest on CPUs, with one scale per output channel of the
   * weights and one per token of the activations, which are spread over channels before: a Llama's,
   * and an encoder's where machine code computes it.
   */
  INT8;

  // kernel numbers of linear.py
  private static final int PLAIN = 0;
  private static final int ONEDNN = 1;
  private static final int FBGEMM_FLOAT16 = 2;
  private static final int FBGEMM_INT8 = 3;
  private static final int FBGEMM_AND_ONEDNN_INT8 = 4;
  private static final int MACHINE_CODE_INT8 = 5;

  // scalar type numbers of libtorch
  private static final int TORCH_FLOAT16 = 5;
  private static final int TORCH_FLOAT32 = 6;
  private static final int TORCH_BFLOAT16 = 15;

  /**
   * How a model computes; types are scalar types as libtorch numbers them.
   *
   * @param kernel of the linear layers, the number in linear.py
   * @param activationType of what goes into and comes out of them
   * @param cacheType of keys and values
   * @param reducedAttention whether an encoder's attention may multiply in bfloat16
   */
  record Kernel(int kernel, int activationType, int cacheType, boolean reducedAttention) {

    static Kernel of(int kernel, int activationType) {
      return new Kernel(
          kernel,
          activationType,
          activationType,
          activationType != TORCH_FLOAT32 && kernel != PLAIN);
    }

    /** What only makes the weights for machine code. */
    static Kernel ofMachineCode() {
      return new Kernel(MACHINE_CODE_INT8, TORCH_FLOAT32, TORCH_BFLOAT16, true);
    }

    /** Whether weights are used as they are stored, where that is their type. */
    boolean isPlain() {
      return kernel == PLAIN;
    }

    /** Bytes that a weight of a linear layer takes. */
    int weightBytes() {
      return switch (kernel) {
        case FBGEMM_FLOAT16, FBGEMM_AND_ONEDNN_INT8 -> 2;
        case FBGEMM_INT8, MACHINE_CODE_INT8 -> 1;
        default -> activationType == TORCH_FLOAT32 ? 4 : 2;
      };
    }

    /** Bytes that a number of a table takes, from which rows are looked up. */
    int tableBytes() {
      return kernel == PLAIN || kernel == ONEDNN ? weightBytes() : 2;
    }

    /** Width of a key's or value's element. */
    int cacheElementBytes() {
      return cacheType == TORCH_FLOAT32 ? 4 : 2;
    }
  }

  /** The name in settings and in {@code /info}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Kernel kernel(TorchRuntime runtime, CpuFeatures cpu) {
    return switch (this) {
      case FLOAT32 -> Kernel.of(oneDnn(runtime, cpu) ? ONEDNN : PLAIN, TORCH_FLOAT32);
      case FLOAT16 ->
          runtime.onGpu()
              ? Kernel.of(PLAIN, TORCH_FLOAT16)
              : Kernel.of(FBGEMM_FLOAT16, TORCH_FLOAT32);
      case BFLOAT16 ->
          Kernel.of(cpu.avx512() && oneDnn(runtime, cpu) ? ONEDNN : PLAIN, TORCH_BFLOAT16);
      case INT8 -> {
        int kernel = cpu.amx() && oneDnn(runtime, cpu) ? FBGEMM_AND_ONEDNN_INT8 : FBGEMM_INT8;
        yield cpu.avx512()
            ? new Kernel(kernel, TORCH_FLOAT32, TORCH_BFLOAT16, true)
            : new Kernel(kernel, TORCH_FLOAT32, TORCH_FLOAT32, false);
      }
    };
  }

  /** Whether oneDNN's linear layers are worth using. */
  private static boolean oneDnn(TorchRuntime runtime, CpuFeatures cpu) {
    return cpu.x86() && !runtime.onGpu() && runtime.hasOneDnn();
  }

  /**
   * The precision that a setting means on this machine.
   *
   * @param setting {@code auto} or a label
   * @param spread whether the model's forward pass spreads outliers, so that int8 keeps its quality
   * @throws IllegalStateException if one is asked for whose kernels do not exist here
   */
  static Precision choose(String setting, boolean spread, TorchRuntime runtime, CpuFeatures cpu) {
    if ("auto".equals(setting)) {
      if (spread && !runtime.onGpu() && cpu.x86() && cpu.int8DotProduct()) {
        return INT8;
      }
      if (runtime.onGpu() || cpu.bfloat16()) {
        return BFLOAT16;
      }
      return cpu.avx2() ? FLOAT16 : FLOAT32;
    }
    Precision precision = valueOf(setting.toUpperCase(Locale.ROOT));
    if (precision == INT8 && (runtime.onGpu() || !cpu.x86())) {
      throw new IllegalStateException(
          "diptych.models.precision is int8, whose kernels exist only on x86 CPUs");
    }
    if (precision == FLOAT16 && !runtime.onGpu() && !cpu.x86()) {
      throw new IllegalStateException(
          "diptych.models.precision is float16, whose kernels exist only on GPUs and x86 CPUs");
    }
    return precision;
  }
}
