package dev.diptych.torchscript;

import ai.djl.huggingface.tokenizers.jni.LibUtils;

/**
 * Loads every native library once and ends: run while the container image is built, it leaves them
 * unpacked in {@code DJL_CACHE_DIR}, so that the service writes nothing when it starts.
 */
final class NativeLibraries {

  private NativeLibraries() {}

  public static void main(String[] args) {
    try (TorchRuntime runtime = TorchRuntime.on("cpu")) {
      runtime.manager();
    }
    LibUtils.checkStatus();
  }
}
