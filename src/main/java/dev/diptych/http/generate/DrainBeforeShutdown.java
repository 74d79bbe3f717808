package dev.diptych.http.generate;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import java.time.Duration;
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

  private final Served<TextGenerator> served;
  private final Duration drain;
  private volatile boolean running;

  DrainBeforeShutdown(Served<TextGenerator> served, DiptychSettings settings) {
    this.served = served;
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
    if (served.state() instanceof Served.Ready<TextGenerator>(TextGenerator generator)) {
      int active = generator.activeGenerations();
      if (active > 0) {
        log.info("Waiting up to {} for {} running generations", drain, active);
      }
      try {
        generator.drain(drain);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
