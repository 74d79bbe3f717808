package dev.diptych.source;

import dev.diptych.DiptychSettings;
import dev.diptych.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the store from the settings. */
@Configuration(proxyBeanMethods = false)
class SourceConfiguration {

  @Bean
  ModelStore modelStore(DiptychSettings settings, Platform platform) throws IOException {
    DiptychSettings.Models models = settings.models();
    HubClient hub =
        new HubClient(URI.create(models.hubEndpoint()), models.hubToken(), HubPatience.USUAL);
    Path cache = models.hubCache();
    ModelSources sources =
        new ModelSources(
            ModelCatalog.read(models.catalog()),
            hub,
            cache == null || cache.toString().isEmpty() ? null : cache,
            models.offline(),
            PipClient.usualCommands(platform),
            UnaryOperator.identity());
    return new ModelStore(
        models.store(), sources, models.offline(), ProgressDisplay.forStandardOutput());
  }
}
