package dev.diptych.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.diptych.DjlProperties;
import dev.diptych.Platform;
import dev.diptych.model.Progress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where models compute: the device, the thread of all forward passes, and libtorch, which is loaded
 * once, when it is first needed, with the settings that a service needs.
 */
public final class TorchRuntime implements AutoCloseable {

  /*
   * Activations of a step are some megabytes each: glibc must reuse that memory instead of returning
   * it to the system after every operator, which costs page faults, so only blocks over 32 MB are
   * mapped on their own and the heap's top is kept. Two arenas bound what many threads retain. A
   * second arena consists of heaps of 64 MB, and glibc unmaps one that is empty unless the padding is
   * larger; padding is address space, not memory.
   *
   * What oneDNN prepares for a shape takes half a megabyte. It keeps 1024 of them, and libtorch's layer
   * above it another 1024 for each thread, whose loss costs nothing as long as oneDNN still has them.
   * Both read their bounds from the environment when they first compute.
   */

  static {
    DjlProperties.set();
  }

  private static final Logger log = LoggerFactory.getLogger(TorchRuntime.class);
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_THRESHOLD = -3;
  private static final int M_ARENA_MAX = -8;
  private static final Map<String, String> MOST_SHAPES =
      Map.of("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256", "LRU_CACHE_CAPACITY", "16");

  /* Of this process, which has one, whatever runtimes it makes. */
  private static final Libc LIBC = Libc.of(Platform.current());

  private final String setting;
  private final Platform platform;
  private final boolean surelyCpu;
  private final InferenceThread inferenceThread = new InferenceThread();
  private final ReentrantLock preparation = new ReentrantLock(true);
  private @Nullable Libtorch libtorch;

  /** What is there once libtorch is loaded. */
  private record Libtorch(PtNDManager manager, Device device, Set<String> features) {}

  /**
   * A runtime on a device, on a process that is left as it is.
   *
   * @param platform what this machine is taken for
   */
  TorchRuntime(String setting, Platform platform) {
    this.setting = setting;
    this.platform = platform;
    this.surelyCpu =
        "cpu".equals(setting) || ("auto".equals(setting) && !NvidiaDriver.mayBeThere(platform));
  }

  /** A runtime on a device of this machine, which loads nothing yet. */
  static TorchRuntime on(String setting) {
    return on(setting, Platform.current());
  }

  /**
   * A runtime on a device, which loads nothing yet.
   *
   * @param setting {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:n}
   * @throws IllegalStateException if the libtorch that is there is for another platform
   */
  public static TorchRuntime on(String setting, Platform platform) {
    BundledLibtorch.requireFor(platform);
    Libc libc = Libc.of(platform);
    libc.mallopt(M_MMAP_THRESHOLD, 32 << 20);
    libc.mallopt(M_TRIM_THRESHOLD, 512 << 20);
    libc.mallopt(M_TOP_PAD, 128 << 20);
    libc.mallopt(M_ARENA_MAX, 2);
    MOST_SHAPES.forEach(libc::setDefault);
    return new TorchRuntime(setting, platform);
  }

  /**
   * Loads libtorch, unless it is loaded.
   *
   * @throws IllegalStateException if a CUDA device is asked for and libtorch has none
   */
  private synchronized Libtorch libtorch() {
    if (libtorch == null) {
      libtorch = load();
    }
    return libtorch;
  }

  private Libtorch load() {
    Engine.getEngine("PyTorch");
    IntraOpThreads.use(1);
    Set<String> features = JniUtils.getFeatures();
    boolean cuda = features.contains("CUDA");
    if (setting.startsWith("cuda") && !cuda) {
      throw new IllegalStateException(
          "diptych.models.device is %s, but this libtorch sees no CUDA device".formatted(setting));
    }
    Device device = cuda && !surelyCpu ? Device.gpu(index(setting)) : Device.cpu();
    log.info(
        "libtorch {} on {} with {} processors",
        Engine.getEngine("PyTorch").getVersion(),
        name(device),
        Runtime.getRuntime().availableProcessors());
    return new Libtorch(
        (PtNDManager) NDManager.newBaseManager(device, "PyTorch"), device, features);
  }

  private static int index(String setting) {
    int colon = setting.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(setting.substring(colon + 1));
  }

  /** Gives freed native memory back to the system, after a model was loaded or closed. */
  public static void trimMemory() {
    LIBC.mallocTrim();
  }

  /** What this machine is taken for. */
  Platform platform() {
    return platform;
  }

  PtNDManager manager() {
    return libtorch().manager();
  }

  InferenceThread inferenceThread() {
    return inferenceThread;
  }

  /** How the forward passes of all models get on. */
  public Progress progress() {
    return inferenceThread.progress();
  }

  /** Held while a model is prepared on all cores. */
  Lock preparation() {
    return preparation;
  }

  /** Loads libtorch only if there may be a GPU. */
  private Device device() {
    return surelyCpu ? Device.cpu() : libtorch().device();
  }

  boolean onGpu() {
    return device().isGpu();
  }

  /** The device as TorchScript names it, such as {@code cpu} or {@code cuda:0}. */
  public String deviceName() {
    return name(device());
  }

  private static String name(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /** Whether libtorch was built with oneDNN; that for macOS was not. */
  boolean hasOneDnn() {
    return platform.system() != Platform.OperatingSystem.MACOS
        && libtorch().features().contains("MKLDNN");
  }

  /** Whether something needed libtorch. */
  synchronized boolean hasLoadedLibtorch() {
    return libtorch != null;
  }

  @Override
  public void close() {
    inferenceThread.close(); // waits for passes, which ask for libtorch
    synchronized (this) {
      if (libtorch != null) {
        libtorch.manager().close();
      }
    }
  }
}
