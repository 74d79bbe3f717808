package dev.diptych.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.diptych.InferenceFailed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded TorchScript module, and the only place that calls one. Every native value it makes is
 * freed.
 */
final class TorchModule implements AutoCloseable {

  private final TorchRuntime runtime;
  private final PtSymbolBlock block;
  private final Map<Kind, ParallelismChoice> choices = new HashMap<>(); // of the inference thread

  private TorchModule(TorchRuntime runtime, PtSymbolBlock block) {
    this.runtime = runtime;
    this.block = block;
  }

  /** Compiles the script of a model, which comes first, and the libraries it refers to. */
  static TorchModule load(TorchRuntime runtime, List<ScriptSource> scripts) {
    List<ScriptSource> libraries =
        scripts.stream().skip(1).map(library -> library.forLibtorch(runtime.hasOneDnn())).toList();
    byte[] archive = ScriptArchive.of(scripts.getFirst(), libraries);
    try (var in = new ByteArrayInputStream(archive)) {
      return new TorchModule(runtime, JniUtils.loadModule(runtime.manager(), in, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How much of an encoder's work to put into a call of this module. */
  PassLength passLength() {
    return new PassLength(runtime.inferenceThread());
  }

  /** Arguments for a call of this module. */
  CallArguments arguments() {
    return new CallArguments(runtime);
  }

  /**
   * Calls a method that prepares a model, on all cores and on the calling thread, beside whatever
   * other models compute but one after another: with more workers than cores they would spend most
   * of the time waiting for each other. That thread should end soon, as OpenMP keeps a pool of
   * workers for it. The result is the caller's to close.
   *
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  IValue prepare(String method, CallArguments arguments) {
    runtime.preparation().lock();
    try {
      IntraOpThreads.use(IntraOpThreads.AVAILABLE);
      return invoke(method, arguments);
    } finally {
      runtime.preparation().unlock();
    }
  }

  /** What fills memory. */
  interface Filling {
    void of(ByteBuffer memory) throws IOException;
  }

  /** Fills the memory of a tensor on the CPU, less than 2 GiB. */
  void fill(IValue tensor, Filling filling) throws IOException {
    try (var scope = scope();
        NDArray array = tensor.toTensor(scope)) {
      filling.of(array.toByteBuffer(true));
    }
  }

  /**
   * Calls a method for its effect.
   *
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  void run(String method, CallArguments arguments) {
    run(method, arguments.elements(), new Call(() -> arguments, null), List.of());
  }

  /**
   * Calls a method that returns a float32 tensor and copies it, row-major, to the start of an
   * array.
   *
   * @return how long it took, in nanoseconds
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  long read(float[] target, String method, CallArguments arguments) {
    Call call = new Call(() -> arguments, values -> values.get(target, 0, values.remaining()));
    return run(method, arguments.elements(), call, List.of());
  }

  /**
   * A call of a method.
   *
   * @param result takes the values of the float32 tensor that the method returns, row by row; null
   *     if they are not wanted
   */
  record Call(Supplier<CallArguments> arguments, @Nullable Consumer<FloatBuffer> result) {}

  /**
   * Calls a method once, or once for each of several parts of the same work beside each other,
   * whichever finishes calls of this size sooner.
   *
   * @param size of the whole: a measure of the work
   * @param parts none if the work has no parts, else at most as many as there are cores
   * @return how long it took, in nanoseconds
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  long run(String method, int size, Call whole, List<Call> parts) {
    Kind kind =
        new Kind(method, Integer.SIZE - Integer.numberOfLeadingZeros(size), !parts.isEmpty());
    return runtime
        .inferenceThread()
        .call(
            () -> {
              ParallelismChoice choice =
                  choices.computeIfAbsent(kind, _ -> new ParallelismChoice(kind.options()));
              Parallelism parallelism = choice.next();
              long begin = System.nanoTime();
              run(method, whole, parts, parallelism);
              long nanos = System.nanoTime() - begin;
              choice.took(parallelism, nanos);
              return nanos;
            });
  }

  /** Calls of about the same work. */
  private record Kind(String method, int sizeBits, boolean hasParts) {

    List<Parallelism> options() {
      if (IntraOpThreads.AVAILABLE == 1) {
        return List.of(Parallelism.NONE);
      }
      return hasParts
          ? List.of(Parallelism.ACROSS_PARTS, Parallelism.WITHIN_OPERATORS, Parallelism.NONE)
          : List.of(Parallelism.WITHIN_OPERATORS, Parallelism.NONE);
    }
  }

  private void run(String method, Call whole, List<Call> parts, Parallelism parallelism) {
    switch (parallelism) {
      case NONE -> complete(method, whole, 1);
      case WITHIN_OPERATORS -> complete(method, whole, IntraOpThreads.AVAILABLE);
      case ACROSS_PARTS ->
          runtime
              .inferenceThread()
              .together(
                  parts.stream().<Runnable>map(part -> () -> complete(method, part, 1)).toList());
    }
  }

  private void complete(String method, Call call, int threads) {
    IntraOpThreads.use(threads);
    try (IValue result = invoke(method, call.arguments().get());
        var scope = scope()) {
      if (call.result() == null) {
        return;
      }
      try (NDArray tensor = result.toTensor(scope)) {
        call.result()
            .accept(
                runtime.onGpu()
                    ? FloatBuffer.wrap(tensor.toFloatArray())
                    : tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer());
      }
    }
  }

  private IValue invoke(String method, CallArguments arguments) {
    try (arguments) {
      return IValueUtils.runMethod(block, method, arguments.array());
    } catch (EngineException e) {
      throw new InferenceFailed(lastLine(e), e);
    }
  }

  private PtNDManager scope() {
    return (PtNDManager) runtime.manager().newSubManager();
  }

  private static String lastLine(EngineException e) {
    String message = String.valueOf(e.getMessage()).strip();
    return message.substring(message.lastIndexOf('\n') + 1).strip();
  }

  @Override
  public void close() {
    block.close();
  }
}
