package dev.diptych.http.service;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the engines work, for the liveness probe: down when one that worked has failed in a way
 * that only a new process ends. What is still coming, or could not be had, is no reason to restart.
 */
@Component("enginesHealthIndicator")
final class EnginesHealthIndicator implements HealthIndicator {

  private final ModelStates models;

  EnginesHealthIndicator(ModelStates models) {
    this.models = models;
  }

  @Override
  public Health health() {
    return models.lost()
        ? Health.down().withDetails(models.statuses()).build()
        : Health.up().build();
  }
}
