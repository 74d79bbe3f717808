package dev.diptych.torchscript;

import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * How many cores one operator of the calling thread may use; libtorch keeps that number per thread.
 */
final class IntraOpThreads {

  static final int AVAILABLE = Runtime.getRuntime().availableProcessors();

  /** Workers of machine code, which wait for each other after some microseconds of work. */
  static final int WORKERS = Math.min(AVAILABLE, 16);

  private static final ThreadLocal<@Nullable Integer> CURRENT = new ThreadLocal<>();

  private IntraOpThreads() {}

  /**
   * Prepares the calling thread for inference with so many cores; costs nothing when it is so
   * already.
   */
  static void use(int threads) {
    Integer current = CURRENT.get();
    if (current != null && current == threads) {
      return;
    }
    if (current == null) {
      JniUtils.setGraphExecutorOptimize(false); // per thread too
    }
    JniUtils.setNumThreads(threads);
    CURRENT.set(threads);
  }
}
