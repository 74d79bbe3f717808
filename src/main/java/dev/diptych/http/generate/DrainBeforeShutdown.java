package dev.diptych.http.generate;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets running generations finish after a stop signal. In the phase in which the web server waits
 * for its requests, so that streams that must end still get their last event out.
 */
@Component
final class DrainBeforeShutdown implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DrainBeforeShutdown.class);

  private final ServedModels<TextGenerator> models;
  private final Duration drain;
  private volatile boolean running;

  DrainBeforeShutdown(ServedModels<TextGenerator> models, DiptychSettings settings) {
    this.models = models;
    this.drain = settings.generation().drain();
  }

  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop(Runnable done) {
    Thread.ofVirtual()
        .name("drain")
        .start(
            () -> {
              try {
                stop();
              } finally {
                done.run();
              }
            });
  }

  @Override
  public void stop() {
    running = false;
    List<TextGenerator> generators = ready();
    int active = generators.stream().mapToInt(TextGenerator::activeGenerations).sum();
    if (active > 0) {
      log.info("Waiting up to {} for {} running generations", drain, active);
    }
    long end = System.nanoTime() + drain.toNanos();
    for (TextGenerator generator : generators) {
      try {
        generator.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<TextGenerator> ready() {
    List<TextGenerator> ready = new ArrayList<>();
    for (Served<TextGenerator> served : models.all()) {
      if (served.state() instanceof Served.Ready<TextGenerator>(TextGenerator generator)) {
        ready.add(generator);
      }
    }
    return ready;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
