package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.KeyValueMemory;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Role;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.DecisionLimits;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What each endpoint waits for. */
@Configuration(proxyBeanMethods = false)
class StartupConfiguration {

  @Bean
  MemoryPlan memoryPlan() {
    return MemoryPlan.ofThisMachine();
  }

  @Bean
  ModelDirectory modelDirectory(DiptychSettings settings, Environment environment) {
    DiptychSettings.Models models = settings.models();
    return new ModelDirectory(models, new NamedModelsReader(environment, models).read());
  }

  @Bean
  KeyValueMemory keyValueMemory(DiptychSettings settings, MemoryPlan plan) {
    return new KeyValueMemory(settings.generation().cacheMemory().toBytes(), plan::releaseCache);
  }

  @Bean
  ServedModels<TextGenerator> generators(ModelDirectory models) {
    return models.served(Role.GENERATE);
  }

  @Bean
  Deciders deciders(
      ServedModels<TextGenerator> generators,
      ServedModels<TextClassifier> classifiers,
      ServedModels<MaskFiller> maskFillers,
      ServedModels<Embedder> embedders,
      DiptychSettings settings) {
    return new Deciders(
        generators,
        classifiers,
        maskFillers,
        embedders,
        settings.decisions().half(),
        DecisionLimits.of(settings.decisions()));
  }

  @Bean
  ServedModels<MaskFiller> maskFillers(ModelDirectory models) {
    return models.served(Role.FILL_MASK);
  }

  @Bean
  ServedModels<Embedder> embedders(ModelDirectory models) {
    return models.served(Role.EMBED);
  }

  @Bean
  ServedModels<SparseEmbedder> sparseEmbedders(ModelDirectory models) {
    return models.served(Role.EMBED_SPARSE);
  }

  @Bean
  ServedModels<TextClassifier> classifiers(ModelDirectory models) {
    return models.served(Role.CLASSIFY);
  }

  @Bean
  ServedModels<Ranker> rankers(ModelDirectory models) {
    return models.served(Role.RANK);
  }

  @Bean
  ServedModels<Tagger> taggers(ModelDirectory models) {
    return models.served(Role.TAG);
  }

  @Bean
  ServedModels<QuestionAnswerer> answerers(ModelDirectory models) {
    return models.served(Role.ANSWER);
  }
}
