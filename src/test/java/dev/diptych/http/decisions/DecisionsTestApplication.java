package dev.diptych.http.decisions;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.DecisionLimits;
import dev.diptych.tasks.decision.FakeDecider;
import java.io.IOException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * Decisions alone, with models without weights. Not annotated as a configuration, so that no other
 * test finds it by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(DiptychSettings.class)
@ComponentScan("dev.diptych.http.decisions")
@ComponentScan(
    basePackages = "dev.diptych.http.connection",
    excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*Test.*"))
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class DecisionsTestApplication {

  static final int CONTEXT = 2_000;
  static final int MAX_CONCURRENT_REQUESTS = 2;

  @Bean
  FakeDecoder decoder() {
    return new FakeDecoder(CONTEXT);
  }

  @Bean
  TextGenerator generator(FakeDecoder decoder) throws IOException {
    return FakeDecider.generator(decoder, MAX_CONCURRENT_REQUESTS);
  }

  @Bean
  Deciders deciders(TextGenerator generator, DiptychSettings settings) {
    return FakeDecider.deciders(generator, DecisionLimits.of(settings.decisions()));
  }
}
