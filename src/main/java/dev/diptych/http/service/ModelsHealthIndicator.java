package dev.diptych.http.service;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The states of the models in the actuator's health: up when every configured one answers, out of
 * service while one is coming, down when one failed.
 */
@Component("modelsHealthIndicator")
final class ModelsHealthIndicator implements HealthIndicator {

  private final ModelStates models;

  ModelsHealthIndicator(ModelStates models) {
    this.models = models;
  }

  @Override
  public Health health() {
    return status().withDetails(models.statuses()).build();
  }

  private Health.Builder status() {
    if (models.ready()) {
      return Health.up();
    }
    return models.failed() ? Health.down() : Health.outOfService();
  }
}
