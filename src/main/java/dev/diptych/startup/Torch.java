package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.TorchRuntime;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * libtorch, started by the first model that is loaded, so that the port opens without waiting for
 * it.
 */
@Component
final class Torch {

  private final String device;
  private @Nullable TorchRuntime runtime;

  Torch(DiptychSettings settings) {
    this.device = settings.models().device();
  }

  synchronized TorchRuntime runtime() {
    if (runtime == null) {
      runtime = TorchRuntime.start(device);
    }
    return runtime;
  }

  ModelLoader loader() {
    return new ModelLoader(runtime());
  }
}
