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
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A loaded TorchScript module, and the only place that calls one. Every native value it makes is
 * freed.
 */
final class TorchModule implements AutoCloseable {

  private final TorchRuntime runtime;
  private final PtSymbolBlock block;
  private final Map<String, ThreadChoice> threadChoices =
      new HashMap<>(); // of the inference thread

  private TorchModule(TorchRuntime runtime, PtSymbolBlock block) {
    this.runtime = runtime;
    this.block = block;
  }

  /** Compiles {@code name.py} and the libraries it refers to. */
  static TorchModule load(TorchRuntime runtime, String name, String... libraries) {
    byte[] archive =
        ScriptArchive.of(
            ScriptSource.read(name), Arrays.stream(libraries).map(ScriptSource::read).toList());
    try (var in = new ByteArrayInputStream(archive)) {
      return new TorchModule(runtime, JniUtils.loadModule(runtime.manager(), in, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Arguments for a call of this module. */
  CallArguments arguments() {
    return new CallArguments(runtime);
  }

  /**
   * Calls a method that prepares a model, on all cores and on the calling thread, beside whatever
   * other models compute. That thread should end soon, as OpenMP keeps a pool of workers for it.
   * The result is the caller's to close.
   *
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  IValue prepare(String method, CallArguments arguments) {
    IntraOpThreads.use(IntraOpThreads.AVAILABLE);
    return invoke(method, arguments);
  }

  /**
   * Calls a method for its effect.
   *
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  void run(String method, CallArguments arguments) {
    runtime
        .inferenceThread()
        .call(
            () -> {
              forward(method, arguments).close();
              return true;
            });
  }

  /**
   * Calls a method that returns a float32 tensor and copies it, row-major, to the start of an
   * array.
   *
   * @throws InferenceFailed with libtorch's last line when the method fails
   */
  void read(float[] target, String method, CallArguments arguments) {
    runtime
        .inferenceThread()
        .call(
            () -> {
              copyResult(target, method, arguments);
              return true;
            });
  }

  private void copyResult(float[] target, String method, CallArguments arguments) {
    try (IValue result = forward(method, arguments);
        var scope = scope();
        NDArray tensor = result.toTensor(scope)) {
      if (runtime.onGpu()) {
        float[] values = tensor.toFloatArray();
        System.arraycopy(values, 0, target, 0, values.length);
        return;
      }
      var floats = tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
      floats.get(target, 0, floats.remaining());
    }
  }

  /* With as many cores as calls of this size finish soonest with. */
  private IValue forward(String method, CallArguments arguments) {
    int size = Integer.SIZE - Integer.numberOfLeadingZeros(arguments.elements());
    ThreadChoice choice =
        threadChoices.computeIfAbsent(
            method + size, _ -> new ThreadChoice(IntraOpThreads.AVAILABLE));
    int threads = choice.next();
    IntraOpThreads.use(threads);
    long begin = System.nanoTime();
    IValue result = invoke(method, arguments);
    choice.took(threads, System.nanoTime() - begin);
    return result;
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
