package dev.diptych.startup;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the models with the service, and frees them when no request can use them any more. */
@Component
final class ServiceLifecycle implements SmartLifecycle, DisposableBean {

  private final ModelStartup models;
  private final Served<TextGenerator> generator;
  private final Served<MaskFiller> maskFiller;
  private final Served<Embedder> embedder;
  private volatile boolean running;

  ServiceLifecycle(
      ModelStartup models,
      Served<TextGenerator> generator,
      Served<MaskFiller> maskFiller,
      Served<Embedder> embedder) {
    this.models = models;
    this.generator = generator;
    this.maskFiller = maskFiller;
    this.embedder = embedder;
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
    close(generator);
    close(maskFiller);
    close(embedder);
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
