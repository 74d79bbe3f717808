package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What each endpoint waits for. */
@Configuration(proxyBeanMethods = false)
class StartupConfiguration {

  @Bean
  MemoryPlan memoryPlan() {
    return MemoryPlan.ofThisMachine();
  }

  @Bean
  Served<TextGenerator> generator(DiptychSettings settings) {
    return new Served<>(Role.GENERATE, settings.models().generate());
  }

  @Bean
  Served<MaskFiller> maskFiller(DiptychSettings settings) {
    return new Served<>(Role.FILL_MASK, settings.models().fillMask());
  }

  @Bean
  Served<Embedder> embedder(DiptychSettings settings) {
    return new Served<>(Role.EMBED, settings.models().embed());
  }
}
