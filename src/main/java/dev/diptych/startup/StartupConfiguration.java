package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
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
  ServedModels<TextGenerator> generators(DiptychSettings settings) {
    return one(Role.GENERATE, settings.models().generate());
  }

  @Bean
  ServedModels<MaskFiller> maskFillers(DiptychSettings settings) {
    return one(Role.FILL_MASK, settings.models().fillMask());
  }

  @Bean
  ServedModels<Embedder> embedders(DiptychSettings settings) {
    return one(Role.EMBED, settings.models().embed());
  }

  @Bean
  ServedModels<TextClassifier> classifiers(DiptychSettings settings) {
    return one(Role.CLASSIFY, settings.models().classify());
  }

  @Bean
  ServedModels<Ranker> rankers(DiptychSettings settings) {
    return one(Role.RANK, settings.models().rank());
  }

  @Bean
  ServedModels<Tagger> taggers(DiptychSettings settings) {
    return one(Role.TAG, settings.models().tag());
  }

  @Bean
  ServedModels<QuestionAnswerer> answerers(DiptychSettings settings) {
    return one(Role.ANSWER, settings.models().answer());
  }

  private static <T> ServedModels<T> one(Role role, String model) {
    return ServedModels.of(new Served<>(role, model));
  }
}
