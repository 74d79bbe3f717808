package dev.diptych.torchscript;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.kernel.DecoderShape;
import dev.diptych.model.DecoderConfig;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderConfig;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.ModelConfig;
import dev.diptych.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Brings checkpoints to life on a {@link TorchRuntime}. */
public final class ModelLoader {

  private static final String MASKED_HEAD = "mlm.transform.weight";

  private final TorchRuntime runtime;
  private final CpuFeatures cpu;

  public ModelLoader(TorchRuntime runtime) {
    this(runtime, CpuFeatures.detect());
  }

  /**
   * A loader that takes the kernels for these features, which the CPU need not have to compute
   * right.
   */
  ModelLoader(TorchRuntime runtime, CpuFeatures cpu) {
    this.runtime = runtime;
    this.cpu = cpu;
  }

  /**
   * The precision that a model is loaded in.
   *
   * @param setting {@code auto}, {@code float32}, {@code bfloat16} or {@code int8}
   * @throws IllegalStateException if the setting cannot be had on this machine
   */
  public Precision precision(String setting, ModelConfig config) {
    boolean spread =
        switch (config) {
          case DecoderConfig decoder -> decoder.family() == DecoderConfig.Family.LLAMA;
          case EncoderConfig encoder -> // with AMX bfloat16 was measured, machine code was not
              cpu.machineCode() && !cpu.amx() && MachineCodeEncoder.supports(encoder, true);
        };
    return Precision.choose(setting, spread, runtime, cpu);
  }

  /**
   * Loads a decoder.
   *
   * @throws IOException if tensors are missing, broken or of other shapes than config.json says
   */
  public DecoderModel decoder(Path folder, DecoderConfig config, Precision precision)
      throws IOException {
    Map<String, StoredTensor> stored =
        renamed(folder, name -> DecoderWeightNames.canonical(name, config.family()));
    WeightShape.check(stored, DecoderWeightNames.expected(config));
    WeightShape.checkIfPresent(stored, DecoderWeightNames.optional(config));
    String script =
        switch (config.family()) {
          case LLAMA -> "llama";
          case GPT2 -> "gpt2";
        };
    DecoderShape shape = shape(config);
    boolean byMachineCode =
        precision == Precision.INT8
            && config.family() == DecoderConfig.Family.LLAMA
            && cpu.machineCode()
            && MachineCodeDecoder.supports(shape);
    Precision.Kernel kernel =
        byMachineCode ? Precision.Kernel.ofMachineCode() : precision.kernel(runtime, cpu);
    TorchModule module =
        TorchModule.load(runtime, script, "linear", "spread", "attention", "fused", "products");
    initialise(
        module,
        stored,
        arguments ->
            arguments
                .integer(config.layers())
                .integer(config.heads())
                .integer(config.keyValueHeads())
                .integer(config.headDimension())
                .decimal(config.normEpsilon())
                .floats(frequencies(config.rotary(), config.headDimension()))
                .integer(config.contextLength())
                .integer(kernel.kernel())
                .integer(kernel.activationType())
                .integer(kernel.cacheType())
                .flag(!cpu.int8DotProduct())
                .flag(fusedAttention()));
    if (byMachineCode) {
      try (module) {
        return MachineCodeDecoder.of(runtime, module, shape, cpu.bfloat16Products());
      } finally {
        TorchRuntime.trimMemory();
      }
    }
    return new TorchDecoder(
        module, config, kernel.cacheElementBytes(), fusedAttention(), !runtime.onGpu());
  }

  private static DecoderShape shape(DecoderConfig config) {
    return new DecoderShape(
        config.layers(),
        config.heads(),
        config.keyValueHeads(),
        config.headDimension(),
        config.hiddenSize(),
        config.intermediateSize(),
        config.vocabularySize(),
        config.contextLength(),
        config.normEpsilon(),
        frequencies(config.rotary(), config.headDimension()));
  }

  /**
   * Loads an encoder, with its masked-language-model head if the checkpoint has one.
   *
   * @throws IOException if tensors are missing, broken or of other shapes than config.json says
   */
  public EncoderModel encoder(Path folder, EncoderConfig config, Precision precision)
      throws IOException {
    Map<String, StoredTensor> stored = renamed(folder, EncoderWeightNames::canonical);
    boolean masked = stored.containsKey(MASKED_HEAD);
    WeightShape.check(stored, EncoderWeightNames.expected(config, masked));
    WeightShape.checkIfPresent(stored, EncoderWeightNames.optional(config));
    boolean byMachineCode =
        precision == Precision.INT8
            && cpu.machineCode()
            && MachineCodeEncoder.supports(config, masked);
    Precision.Kernel kernel =
        byMachineCode ? Precision.Kernel.ofMachineCode() : precision.kernel(runtime, cpu);
    TorchModule module = TorchModule.load(runtime, "bert", "linear", "spread");
    initialise(
        module,
        stored,
        arguments ->
            arguments
                .integer(config.layers())
                .integer(config.heads())
                .decimal(config.normEpsilon())
                .integer(kernel.kernel())
                .integer(kernel.activationType())
                .flag(kernel.reducedAttention())
                .flag(!cpu.int8DotProduct())
                .flag(fusedAttention()));
    if (byMachineCode) {
      try (module) {
        return MachineCodeEncoder.of(runtime, module, config, masked, cpu.bfloat16Products());
      } finally {
        TorchRuntime.trimMemory();
      }
    }
    int paddingStep = cpu.amx() || runtime.onGpu() ? StepRows.TILE : StepRows.TILE / 4;
    return new TorchEncoder(module, config, masked, paddingStep);
  }

  private boolean fusedAttention() {
    return cpu.amx() && !runtime.onGpu();
  }

  private void initialise(
      TorchModule module,
      Map<String, StoredTensor> stored,
      UnaryOperator<CallArguments> configuration)
      throws IOException {
    try (MappedWeights weights = MappedWeights.open(runtime, stored)) {
      module
          .prepare("init", configuration.apply(module.arguments().own(weights.dictionary())))
          .close();
    } catch (IOException | RuntimeException e) {
      module.close();
      throw e;
    }
    TorchRuntime.trimMemory();
  }

  private static Map<String, StoredTensor> renamed(
      Path folder, Function<String, @Nullable String> naming) throws IOException {
    Map<String, StoredTensor> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, StoredTensor> entry : Safetensors.readFolder(folder).entrySet()) {
      String name = naming.apply(entry.getKey());
      if (name != null && renamed.put(name, entry.getValue()) != null) {
        throw new InvalidCheckpoint("two tensors of %s stand for %s".formatted(folder, name));
      }
    }
    return renamed;
  }

  private static float[] frequencies(@Nullable RotaryEmbedding rotary, int headDimension) {
    if (rotary == null) {
      return new float[0];
    }
    double[] exact = rotary.frequencies(headDimension);
    float[] frequencies = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      frequencies[i] = (float) exact[i];
    }
    return frequencies;
  }
}
