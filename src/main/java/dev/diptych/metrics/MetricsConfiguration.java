package dev.diptych.metrics;

import dev.diptych.DiptychSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Everything that is counted, in the registry that the actuator shows too. */
@Configuration(proxyBeanMethods = false)
public class MetricsConfiguration {

  /** A registry of its own where the actuator's is switched off. */
  private final PrometheusMeterRegistry registry;

  MetricsConfiguration(ObjectProvider<PrometheusMeterRegistry> shared) {
    this.registry =
        shared.getIfAvailable(() -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  @Bean
  RequestMetrics requestMetrics() {
    return new RequestMetrics(new Meters(registry));
  }

  @Bean
  EngineMetrics engineMetrics() {
    return new EngineMetrics(
        new Meters(registry), new PeerCounters(registry.getPrometheusRegistry()));
  }

  @Bean(destroyMethod = "close")
  Traces traces(DiptychSettings settings, Environment environment) {
    return Traces.to(settings.http().tracesEndpoint(), environment::getProperty);
  }

  @Bean
  MetricsPage metricsPage() {
    return new MetricsPage(registry);
  }
}
