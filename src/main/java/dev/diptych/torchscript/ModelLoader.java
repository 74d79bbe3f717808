package dev.diptych.torchscript;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.kernel.DecoderShape;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.DecoderConfig;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderConfig;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.ModelConfig;
import dev.diptych.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings checkpoints to life on a {@link TorchRuntime}. */
public final class ModelLoader {

  private static final String LLAMA = "llama";
  private static final String BERT = "bert";
  private static final List<String> DECODER_LIBRARIES =
      List.of("linear", "spread", "attention", "fused", "products");
  private static final List<String> ENCODER_LIBRARIES = List.of("linear", "spread");

  private final TorchRuntime runtime;
  private final CpuFeatures cpu;
  private final PreparedWeights prepared;

  /**
   * A loader for this CPU.
   *
   * @param prepared where weights are kept that take long to make
   */
  public ModelLoader(TorchRuntime runtime, PreparedWeights prepared) {
    this(runtime, CpuFeatures.detect(), prepared);
  }

  /**
   * A loader that takes the kernels for these features, which the CPU need not have to compute
   * right.
   */
  ModelLoader(TorchRuntime runtime, CpuFeatures cpu, PreparedWeights prepared) {
    this.runtime = runtime;
    this.cpu = cpu;
    this.prepared = prepared;
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
        new StoredWeights(DecoderWeightNames.of(config.family()), Safetensors.readFolder(folder))
            .select(DecoderWeightNames.expected(config), config.tied(), config.layers());
    DecoderShape shape = shape(config);
    if (precision == Precision.INT8
        && config.family() == DecoderConfig.Family.LLAMA
        && cpu.machineCode()
        && MachineCodeDecoder.supports(shape)) {
      Precision.Kernel kernel = Precision.Kernel.ofMachineCode();
      ZeroedMemory weights =
          new MachineCodeWeights(
                  prepared,
                  folder,
                  stored,
                  config,
                  scripts(LLAMA, DECODER_LIBRARIES),
                  DecoderWeights.blockBytes(shape))
              .get(() -> decoderModule(LLAMA, stored, config, kernel));
      return MachineCodeDecoder.of(runtime, shape, weights, cpu.bfloat16Products());
    }
    Precision.Kernel kernel = precision.kernel(runtime, cpu);
    String script =
        switch (config.family()) {
          case LLAMA -> LLAMA;
          case GPT2 -> "gpt2";
        };
    return new TorchDecoder(
        decoderModule(script, stored, config, kernel),
        config,
        kernel.cacheElementBytes(),
        fusedAttention(),
        !runtime.onGpu());
  }

  private TorchModule decoderModule(
      String script,
      Map<String, StoredTensor> stored,
      DecoderConfig config,
      Precision.Kernel kernel)
      throws IOException {
    return module(
        scripts(script, DECODER_LIBRARIES),
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
  }

  static DecoderShape shape(DecoderConfig config) {
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
    StoredWeights all =
        new StoredWeights(EncoderWeightNames.of(config), Safetensors.readFolder(folder));
    boolean masked = all.has(EncoderWeightNames.MASKED_HEAD);
    Map<String, StoredTensor> stored =
        all.select(EncoderWeightNames.expected(config, masked), config.tied(), config.layers());
    if (precision == Precision.INT8
        && cpu.machineCode()
        && MachineCodeEncoder.supports(config, masked)) {
      Precision.Kernel kernel = Precision.Kernel.ofMachineCode();
      ZeroedMemory weights =
          new MachineCodeWeights(
                  prepared,
                  folder,
                  stored,
                  config,
                  scripts(BERT, ENCODER_LIBRARIES),
                  EncoderWeights.blockBytes(MachineCodeEncoder.shape(config, masked)))
              .get(() -> encoderModule(stored, config, kernel));
      return MachineCodeEncoder.of(runtime, config, masked, weights, cpu.bfloat16Products());
    }
    int paddingStep = cpu.amx() || runtime.onGpu() ? StepRows.TILE : StepRows.TILE / 4;
    TorchModule module = encoderModule(stored, config, precision.kernel(runtime, cpu));
    return new TorchEncoder(module, config, masked, paddingStep);
  }

  private TorchModule encoderModule(
      Map<String, StoredTensor> stored, EncoderConfig config, Precision.Kernel kernel)
      throws IOException {
    return module(
        scripts(BERT, ENCODER_LIBRARIES),
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
  }

  private boolean fusedAttention() {
    return cpu.amx() && !runtime.onGpu();
  }

  /** A module with its weights. */
  private TorchModule module(
      List<ScriptSource> scripts,
      Map<String, StoredTensor> stored,
      UnaryOperator<CallArguments> configuration)
      throws IOException {
    TorchModule module = TorchModule.load(runtime, scripts);
    try (MappedWeights weights = MappedWeights.open(runtime, stored)) {
      module
          .prepare("init", configuration.apply(module.arguments().own(weights.dictionary())))
          .close();
    } catch (IOException | RuntimeException e) {
      module.close();
      throw e;
    }
    TorchRuntime.trimMemory();
    return module;
  }

  private static List<ScriptSource> scripts(String model, List<String> libraries) {
    return Stream.concat(Stream.of(model), libraries.stream()).map(ScriptSource::read).toList();
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
