package dev.diptych.startup;

import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the models with the service, and frees them when no request can use them any more. */
@Component
final class ServiceLifecycle implements SmartLifecycle, DisposableBean {

  private final LoadedModels models;
  private final List<ServedModels<? extends AutoCloseable>> served;
  private volatile boolean running;

  ServiceLifecycle(LoadedModels models, List<ServedModels<? extends AutoCloseable>> served) {
    this.models = models;
    this.served = served;
  }

  @Override
  public void start() {
    running = true;
    models.begin();
  }

  @Override
  public void stop() {
    running = false;
    models.abandon();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void destroy() {
    served.forEach(role -> role.all().forEach(ServiceLifecycle::close));
  }

  private static <T extends AutoCloseable> void close(Served<T> served) {
    if (served.state() instanceof Served.Ready<T>(T engine)) {
      try {
        engine.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close " + served.model(), e);
      }
    }
  }
}
