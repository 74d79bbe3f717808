package dev.diptych.http;

import dev.diptych.DiptychSettings;
import dev.diptych.chat.Chat;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.KeyValueMemory;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.metrics.EngineMetrics;
import dev.diptych.model.FakeLifeCycle;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.FakeTasks;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.DecisionLimits;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The whole service over models without weights. Not annotated as a configuration, so that no other
 * test finds it by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(DiptychSettings.class)
@ComponentScan(
    basePackages = {"dev.diptych.http", "dev.diptych.metrics"},
    excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*Tests?(Application)?(\\$.*)?"))
public class WholeHttpApplication {

  /** Holds up the forward passes of the encoder while it has no permits. */
  public static final class Brake {
    private final Semaphore permits = new Semaphore(1);

    public void pull() {
      permits.acquireUninterruptibly();
    }

    public void release() {
      permits.release();
    }

    /** Whether a forward pass waits. */
    boolean holdsSomebody() {
      return permits.hasQueuedThreads();
    }

    void pass() {
      permits.acquireUninterruptibly();
      permits.release();
    }
  }

  @Bean
  FakeLifeCycle lifeCycle() {
    return new FakeLifeCycle();
  }

  @Bean
  FakeDecoder decoder() {
    return new FakeDecoder(2_000, 5);
  }

  @Bean
  Brake brake() {
    return new Brake();
  }

  @Bean
  Served<TextGenerator> generate(
      FakeDecoder decoder, DiptychSettings settings, EngineMetrics metrics) {
    Served<TextGenerator> served = new Served<>(Role.GENERATE, "tiny-decoder");
    served.become(
        new Served.Ready<>(
            new TextGenerator(
                decoder,
                new LetterTokenizer(),
                Chat.none(new LetterTokenizer()),
                GenerationDefaults.endingWith(Set.of()),
                settings.generation(),
                "tiny-decoder",
                "float32",
                "cpu",
                KeyValueMemory.alone(settings.generation().cacheMemory().toBytes()),
                metrics.decoder("tiny-decoder"))));
    return served;
  }

  @Bean
  EncoderEngine encoder(Brake brake, DiptychSettings settings, EngineMetrics metrics) {
    return new EncoderEngine(
        "tiny-encoder",
        new FakeEncoder(256, _ -> brake.pass()),
        settings.encoding().maxConcurrentRequests(),
        settings.encoding().maxBatchTokens(),
        metrics.encoder("tiny-encoder"));
  }

  @Bean
  Served<Embedder> embed(EncoderEngine encoder) {
    Served<Embedder> served = new Served<>(Role.EMBED, "tiny-encoder");
    served.become(
        new Served.Ready<>(
            new Embedder(
                encoder,
                new WordTokenizer(),
                SentenceVectors.of(Pooling.MEAN),
                new EncoderLimits(256, 32, true),
                Prompts.NONE,
                ModelFacts.ofEncoder("tiny-encoder", "float32", "cpu", 256),
                new AnswerMemory(0, "diptych.encoding.answer-memory"))));
    return served;
  }

  @Bean
  Served<MaskFiller> fillMask(EncoderEngine encoder) {
    Served<MaskFiller> served = new Served<>(Role.FILL_MASK, "tiny-encoder");
    served.become(
        new Served.Ready<>(
            new MaskFiller(
                encoder,
                new WordTokenizer(),
                new EncoderLimits(256, 32, true),
                ModelFacts.ofEncoder("tiny-encoder", "float32", "cpu", 256),
                new AnswerMemory(0, "diptych.encoding.answer-memory"))));
    return served;
  }

  @Bean
  ServedModels<TextGenerator> generatorModels(Served<TextGenerator> served) {
    return ServedModels.of(served);
  }

  @Bean
  Deciders deciders(
      ServedModels<TextGenerator> generators,
      ServedModels<MaskFiller> maskFillers,
      ServedModels<Embedder> embedders,
      DiptychSettings settings) {
    return new Deciders(
        generators,
        new ServedModels<>(Role.CLASSIFY, List.of()),
        maskFillers,
        embedders,
        settings.decisions().half(),
        DecisionLimits.of(settings.decisions()));
  }

  @Bean
  ServedModels<Embedder> embedderModels(Served<Embedder> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<MaskFiller> maskFillerModels(Served<MaskFiller> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<Tagger> taggerModels() {
    return ServedModels.of(new Served<>(Role.TAG, ""));
  }

  @Bean
  ServedModels<QuestionAnswerer> answererModels() {
    return ServedModels.of(new Served<>(Role.ANSWER, ""));
  }

  @Bean
  TextClassifier classifier(Brake brake, EngineMetrics metrics) {
    return FakeTasks.classifier(
        new AnswerMemory(0, "diptych.encoding.answer-memory"),
        brake::pass,
        metrics.encoder("tiny-classifier"),
        "negative",
        "neutral",
        "positive");
  }

  @Bean
  Served<TextClassifier> classify(TextClassifier classifier) {
    Served<TextClassifier> served = new Served<>(Role.CLASSIFY, "tiny-classifier");
    served.become(new Served.Ready<>(classifier));
    return served;
  }

  @Bean
  ServedModels<TextClassifier> classifierModels(Served<TextClassifier> served) {
    return ServedModels.of(served);
  }

  @Bean
  Ranker ranker(Brake brake, EngineMetrics metrics) {
    return FakeTasks.ranker(
        new AnswerMemory(0, "diptych.encoding.answer-memory"),
        brake::pass,
        metrics.encoder("tiny-ranker"));
  }

  @Bean
  Served<Ranker> rank(Ranker ranker) {
    Served<Ranker> served = new Served<>(Role.RANK, "tiny-ranker");
    served.become(new Served.Ready<>(ranker));
    return served;
  }

  @Bean
  ServedModels<Ranker> rankerModels(Served<Ranker> served) {
    return ServedModels.of(served);
  }

  @Bean
  SparseEmbedder sparseEmbedder(Brake brake, EngineMetrics metrics) {
    return FakeTasks.sparseEmbedder(
        new AnswerMemory(0, "diptych.encoding.answer-memory"),
        brake::pass,
        metrics.encoder("tiny-sparse"));
  }

  @Bean
  Served<SparseEmbedder> embedSparse(SparseEmbedder embedder) {
    Served<SparseEmbedder> served = new Served<>(Role.EMBED_SPARSE, "tiny-sparse");
    served.become(new Served.Ready<>(embedder));
    return served;
  }

  @Bean
  ServedModels<SparseEmbedder> sparseEmbedderModels(Served<SparseEmbedder> served) {
    return ServedModels.of(served);
  }
}
