package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the models with the service and ends them with it. */
@Component
final class ServiceLifecycle implements SmartLifecycle, DisposableBean {

  /*
   * Generations drain in the phase in which the web server waits for its requests: both wait side by
   * side, and a stream that outlasts the drain still gets its final event. Models are freed when all
   * phases are over and no request can use them.
   */

  private final ModelStartup models;
  private final Served<TextGenerator> generator;
  private final Served<MaskFiller> maskFiller;
  private final Served<Embedder> embedder;
  private final Duration drain;
  private volatile boolean running;

  ServiceLifecycle(
      ModelStartup models,
      Served<TextGenerator> generator,
      Served<MaskFiller> maskFiller,
      Served<Embedder> embedder,
      DiptychSettings settings) {
    this.models = models;
    this.generator = generator;
    this.maskFiller = maskFiller;
    this.embedder = embedder;
    this.drain = settings.generation().drain();
  }

  @Override
  public void start() {
    running = true;
    models.begin();
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public void stop(Runnable callback) {
    running = false;
    models.abandon();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                drainGenerations();
              } finally {
                callback.run();
              }
            });
  }

  private void drainGenerations() {
    if (generator.state() instanceof Served.Ready<TextGenerator>(TextGenerator engine)) {
      try {
        engine.drain(drain);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
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
