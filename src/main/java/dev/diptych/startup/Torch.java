package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Progress;
import dev.diptych.torchscript.BackendChoice;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.TorchRuntime;
import org.springframework.stereotype.Component;

/** What all models are loaded by and compute on. */
@Component
final class Torch {

  private final TorchRuntime runtime;
  private final ModelLoader loader;

  Torch(DiptychSettings settings, Platform platform) {
    DiptychSettings.Models models = settings.models();
    this.runtime = TorchRuntime.on(models.device(), platform);
    this.loader =
        new ModelLoader(
            runtime,
            models.keepPrepared() ? PreparedWeights.in(models.store()) : PreparedWeights.none());
  }

  /** What loads a model on the backend that it wants. */
  ModelLoader loader(NamedModel model) {
    return loader.on(BackendChoice.of(model.backend()));
  }

  /** How the forward passes of all models get on. */
  Progress progress() {
    return runtime.progress();
  }

  String deviceName() {
    return runtime.deviceName();
  }
}
