package dev.diptych.torchscript;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.kernel.DecoderShape;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.kernel.EncoderWeights;
import dev.diptych.kernel.ZeroedMemory;
import dev.diptych.model.Backend;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Brings checkpoints to life on a {@link TorchRuntime}. */
public final class ModelLoader {

  private static final String AUTO = "auto";
  private static final List<String> LAYER_LIBRARIES =
      List.of("layer", "norm", "rotary", "linear", "onednn", "spread");
  private static final List<String> DECODER_LIBRARIES = List.of("attention", "fused", "products");

  private final TorchRuntime runtime;
  private final CpuFeatures cpu;
  private final PreparedWeights prepared;
  private final BackendChoice backend;

  /**
   * A loader for this CPU.
   *
   * @param prepared where weights are kept that take long to make
   */
  public ModelLoader(TorchRuntime runtime, PreparedWeights prepared) {
    this(runtime, CpuFeatures.detect(runtime.platform()), prepared);
  }

  /**
   * A loader that takes the kernels for these features, which the CPU need not have to compute
   * right.
   */
  ModelLoader(TorchRuntime runtime, CpuFeatures cpu, PreparedWeights prepared) {
    this(runtime, cpu, prepared, BackendChoice.AUTO);
  }

  private ModelLoader(
      TorchRuntime runtime, CpuFeatures cpu, PreparedWeights prepared, BackendChoice backend) {
    this.runtime = runtime;
    this.cpu = cpu;
    this.prepared = prepared;
    this.backend = backend;
  }

  /** The same for models that are to be computed by this backend. */
  public ModelLoader on(BackendChoice choice) {
    return new ModelLoader(runtime, cpu, prepared, choice);
  }

  /**
   * The precision that a decoder is loaded in.
   *
   * @param setting {@code auto}, {@code float32}, {@code bfloat16} or {@code int8}
   * @throws IllegalStateException if the setting cannot be had on this machine, or not by the
   *     backend that is wanted
   */
  public Precision decoderPrecision(String setting, Blueprint blueprint) {
    Optional<String> refusal = MachineCodeDecoder.refusal(blueprint);
    return required(
        Precision.choose(onMachineCode(setting), StreamBasis.canSpread(blueprint), runtime, cpu),
        refusal);
  }

  /** The precision that an encoder is loaded in, like {@link #decoderPrecision}. */
  public Precision encoderPrecision(String setting, Blueprint blueprint) {
    Optional<String> refusal = MachineCodeEncoder.refusal(blueprint);
    boolean machineCode = // with AMX bfloat16 was measured, machine code was not
        backend != BackendChoice.PYTORCH && cpu.machineCode() && !cpu.amx() && refusal.isEmpty();
    return required(Precision.choose(onMachineCode(setting), machineCode, runtime, cpu), refusal);
  }

  /* The one precision that machine code has, where nothing else is asked for. */
  private String onMachineCode(String setting) {
    boolean wanted = backend == BackendChoice.MACHINE_CODE && setting.equals(AUTO);
    return wanted && machineMissing().isEmpty() ? Precision.INT8.label() : setting;
  }

  private Precision required(Precision precision, Optional<String> refusal) {
    Optional<String> reason = withoutMachineCode(precision, refusal);
    if (backend == BackendChoice.MACHINE_CODE && reason.isPresent()) {
      throw new IllegalStateException(
          "the backend is to be machine-code, but there is " + reason.get());
    }
    return precision;
  }

  /** What a decoder takes of this machine's memory. */
  public MemoryNeed decoderMemory(Blueprint blueprint, Precision precision) {
    if (runtime.onGpu()) {
      return MemoryNeed.NONE;
    }
    return isOnMachineCode(precision, MachineCodeDecoder.refusal(blueprint))
        ? WeightMemory.asMachineCode(
            blueprint, DecoderWeights.blockBytes(MachineCodeDecoder.shape(blueprint)))
        : WeightMemory.onTorch(blueprint, precision.kernel(runtime, cpu));
  }

  /** What an encoder takes of this machine's memory. */
  public MemoryNeed encoderMemory(Blueprint blueprint, Precision precision) {
    if (runtime.onGpu()) {
      return MemoryNeed.NONE;
    }
    return isOnMachineCode(precision, MachineCodeEncoder.refusal(blueprint))
        ? WeightMemory.asMachineCode(
            blueprint, EncoderWeights.blockBytes(MachineCodeEncoder.shape(blueprint)))
        : WeightMemory.onTorch(blueprint, precision.kernel(runtime, cpu));
  }

  /**
   * Loads a decoder.
   *
   * @throws IOException if tensors are missing, broken or of other shapes than config.json says, or
   *     if nothing here computes what the blueprint says
   */
  public DecoderModel decoder(Path folder, Blueprint blueprint, Precision precision)
      throws IOException {
    TorchRefusal.checkDecoder(blueprint);
    Map<String, WeightView> stored = StoredWeights.read(folder, blueprint).select(blueprint);
    if (isOnMachineCode(precision, MachineCodeDecoder.refusal(blueprint))) {
      DecoderShape shape = MachineCodeDecoder.shape(blueprint);
      ZeroedMemory weights =
          new MachineCodeWeights(
                  prepared,
                  folder,
                  stored,
                  blueprint,
                  decoderScripts(),
                  DecoderWeights.blockBytes(shape))
              .get(memory -> exportDecoder(stored, blueprint, memory, ModulePacking.PART_ELEMENTS));
      return MachineCodeDecoder.of(runtime, shape, weights, cpu.bfloat16Products());
    }
    Precision.Kernel kernel = precision.kernel(runtime, cpu);
    return new TorchDecoder(
        decoderModule(stored, blueprint, kernel),
        blueprint,
        onTorch(precision, MachineCodeDecoder.refusal(blueprint)),
        kernel.cacheElementBytes(),
        fusedAttention(blueprint),
        !runtime.onGpu(),
        !runtime.onGpu() && runtime.platform().isLinux());
  }

  private TorchModule decoderModule(
      Map<String, WeightView> stored, Blueprint blueprint, Precision.Kernel kernel)
      throws IOException {
    UnaryOperator<CallArguments> how = arguments -> decoderArguments(arguments, blueprint, kernel);
    return module(
        decoderScripts(),
        stored,
        blueprint,
        packing -> {
          if (!kernel.isPlain() && ModulePacking.hasRows(stored)) {
            packing.beginWithoutRows(how);
            packing.addRows();
          } else { // which looks rows up in the file
            packing.begin(how);
          }
          packing.addLayers();
        });
  }

  /** Writes the weights of a decoder for machine code. */
  void exportDecoder(
      Map<String, WeightView> stored,
      Blueprint blueprint,
      List<ByteBuffer> memory,
      long partElements)
      throws IOException {
    Precision.Kernel kernel = Precision.Kernel.ofMachineCode();
    int layers = memory.size() - DecoderWeights.BLOCKS_BEHIND_LAYERS;
    module(
            decoderScripts(),
            stored,
            blueprint,
            packing -> {
              packing.beginWithoutRows(arguments -> decoderArguments(arguments, blueprint, kernel));
              packing.exportRows(memory.subList(layers, memory.size()), partElements);
              packing.exportLayers(memory.subList(0, layers));
            })
        .close();
  }

  private CallArguments decoderArguments(
      CallArguments arguments, Blueprint blueprint, Precision.Kernel kernel) {
    return arguments
        .integer(kernel.kernel())
        .integer(kernel.activationType())
        .integer(kernel.cacheType())
        .flag(!cpu.int8DotProduct())
        .flag(fusedAttention(blueprint));
  }

  /**
   * Loads an encoder, with its head if the checkpoint has one.
   *
   * @throws IOException if tensors are missing, broken or of other shapes than config.json says, or
   *     if nothing here computes what the blueprint says
   */
  public EncoderModel encoder(Path folder, Blueprint said, Precision precision) throws IOException {
    StoredWeights all = StoredWeights.read(folder, said);
    Blueprint blueprint = withHeadThatIsThere(said, all);
    TorchRefusal.checkEncoder(blueprint);
    Map<String, WeightView> stored = all.select(blueprint);
    if (isOnMachineCode(precision, MachineCodeEncoder.refusal(blueprint))) {
      Precision.Kernel kernel = Precision.Kernel.ofMachineCode();
      ZeroedMemory weights =
          new MachineCodeWeights(
                  prepared,
                  folder,
                  stored,
                  blueprint,
                  encoderScripts(),
                  EncoderWeights.blockBytes(MachineCodeEncoder.shape(blueprint)))
              .get(
                  memory -> {
                    try (TorchModule module = encoderModule(stored, blueprint, kernel)) {
                      module.prepare("export", module.arguments().tensors(memory)).close();
                    }
                  });
      return MachineCodeEncoder.of(runtime, blueprint, weights, cpu.bfloat16Products());
    }
    int paddingStep = cpu.amx() || runtime.onGpu() ? StepRows.TILE : StepRows.TILE / 4;
    TorchModule module = encoderModule(stored, blueprint, precision.kernel(runtime, cpu));
    Backend backend = onTorch(precision, MachineCodeEncoder.refusal(blueprint));
    return new TorchEncoder(module, blueprint, backend, paddingStep);
  }

  private Backend onTorch(Precision precision, Optional<String> refusal) {
    return Backend.pytorch(withoutMachineCode(precision, refusal).orElse(null));
  }

  private boolean isOnMachineCode(Precision precision, Optional<String> refusal) {
    return withoutMachineCode(precision, refusal).isEmpty();
  }

  /* Why machine code does not compute a model; empty if it does. */
  private Optional<String> withoutMachineCode(Precision precision, Optional<String> refusal) {
    if (backend == BackendChoice.PYTORCH) {
      return Optional.of("none is wanted (diptych.models.backend)");
    }
    return machineMissing()
        .or(() -> refusal)
        .or(
            () ->
                precision == Precision.INT8
                    ? Optional.empty()
                    : Optional.of("none for the precision " + precision.label()));
  }

  private Optional<String> machineMissing() {
    if (runtime.onGpu()) {
      return Optional.of("none for this device");
    }
    if (!runtime.platform().isLinux() || !runtime.platform().isX86()) {
      return Optional.of("none for " + runtime.platform().label());
    }
    return cpu.machineCode()
        ? Optional.empty()
        : Optional.of("none for this CPU, which has no AVX512-VNNI");
  }

  /* A checkpoint may be of an encoder alone. */
  private static Blueprint withHeadThatIsThere(Blueprint blueprint, StoredWeights weights) {
    boolean there =
        switch (blueprint.head()) {
          case Head.None _ -> false;
          case Head.LanguageModel head -> head.tied() || weights.has(Slots.OUTPUT);
          case Head.MaskedLanguageModel head ->
              head.transform() == null
                  ? head.tied() || weights.has(Slots.OUTPUT)
                  : weights.has("head.transform.weight");
          case Head.SequenceClassifier _, Head.TokenClassifier _, Head.QuestionAnswering _ -> true;
        };
    return there ? blueprint : blueprint.with(new Head.None());
  }

  private TorchModule encoderModule(
      Map<String, WeightView> stored, Blueprint blueprint, Precision.Kernel kernel)
      throws IOException {
    return module(
        encoderScripts(),
        stored,
        blueprint,
        packing -> {
          packing.begin(
              arguments ->
                  arguments
                      .integer(kernel.kernel())
                      .integer(kernel.activationType())
                      .flag(kernel.reducedAttention())
                      .flag(!cpu.int8DotProduct())
                      .flag(cpu.amx() && !runtime.onGpu()));
          packing.addLayers();
        });
  }

  /* The cache of fused.py knows neither windows nor capped scores. */
  private boolean fusedAttention(Blueprint blueprint) {
    return cpu.amx()
        && !runtime.onGpu()
        && blueprint.layers().stream()
            .map(Layer::attention)
            .allMatch(attention -> attention.window() == 0 && attention.softcap() == 0);
  }

  /** What gives a module its weights. */
  private interface Packing {
    void of(ModulePacking packing) throws IOException;
  }

  /** A module with its weights. */
  private TorchModule module(
      List<ScriptSource> scripts, Map<String, WeightView> stored, Blueprint blueprint, Packing how)
      throws IOException {
    TorchModule module = TorchModule.load(runtime, scripts);
    try (ModulePacking packing = new ModulePacking(runtime, module, stored, blueprint)) {
      how.of(packing);
    } catch (IOException | RuntimeException e) {
      module.close();
      throw e;
    }
    TorchRuntime.trimMemory();
    return module;
  }

  private static List<ScriptSource> decoderScripts() {
    return scripts("decoder", DECODER_LIBRARIES);
  }

  private static List<ScriptSource> encoderScripts() {
    return scripts("encoder", List.of("runs", "relative", "disentangled"));
  }

  private static List<ScriptSource> scripts(String model, List<String> libraries) {
    return Stream.of(List.of(model), libraries, LAYER_LIBRARIES)
        .flatMap(List::stream)
        .map(ScriptSource::read)
        .toList();
  }
}
