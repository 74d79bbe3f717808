package dev.diptych.http.embed;

import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.EncodingWatch;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.FakeTasks;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.TextClassifier;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialect alone, with a model without weights. Not annotated as a configuration, so that no
 * other test finds it by scanning.
 */
@EnableAutoConfiguration
@ComponentScan("dev.diptych.http.embed")
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class EmbedTestApplication {

  static final int MAX_CONCURRENT_INPUTS = 64;
  static final long ANSWER_MEMORY = 1 << 19;

  /** Runs before each forward pass; a test may put something there that waits. */
  @Bean
  AtomicReference<Runnable> beforeForwardPass() {
    return new AtomicReference<>(() -> {});
  }

  @Bean
  Embedder embedder(AtomicReference<Runnable> beforeForwardPass, AnswerMemory memory) {
    EncoderEngine engine =
        new EncoderEngine(
            "fake",
            new FakeEncoder(256, _ -> beforeForwardPass.get().run()),
            MAX_CONCURRENT_INPUTS,
            16384);
    return new Embedder(
        engine,
        new WordTokenizer(),
        SentenceVectors.of(Pooling.MEAN),
        new EncoderLimits(256, 32, true),
        Prompts.NONE,
        ModelFacts.ofEncoder("fake", "float32", "cpu", 256),
        memory);
  }

  @Bean
  AnswerMemory memory() {
    return new AnswerMemory(ANSWER_MEMORY, "diptych.encoding.answer-memory");
  }

  @Bean
  Served<Embedder> served(Embedder embedder) {
    Served<Embedder> served = new Served<>(Role.EMBED, "fake");
    served.become(new Served.Ready<>(embedder));
    return served;
  }

  @Bean
  ServedModels<Embedder> embedderModels(Served<Embedder> served) {
    return ServedModels.of(served);
  }

  @Bean
  TextClassifier classifier(AtomicReference<Runnable> beforeForwardPass, AnswerMemory memory) {
    return FakeTasks.classifier(
        memory,
        () -> beforeForwardPass.get().run(),
        EncodingWatch.NONE,
        "negative",
        "neutral",
        "positive");
  }

  @Bean
  Served<TextClassifier> classify(TextClassifier classifier) {
    Served<TextClassifier> served = new Served<>(Role.CLASSIFY, "org/classifier@main");
    served.become(new Served.Ready<>(classifier));
    return served;
  }

  @Bean
  ServedModels<TextClassifier> classifierModels(Served<TextClassifier> served) {
    return ServedModels.of(served);
  }

  @Bean
  Ranker ranker(AtomicReference<Runnable> beforeForwardPass, AnswerMemory memory) {
    return FakeTasks.ranker(memory, () -> beforeForwardPass.get().run(), EncodingWatch.NONE);
  }

  @Bean
  Served<Ranker> rank(Ranker ranker) {
    Served<Ranker> served = new Served<>(Role.RANK, "org/ranker@main");
    served.become(new Served.Ready<>(ranker));
    return served;
  }

  @Bean
  ServedModels<Ranker> rankerModels(Served<Ranker> served) {
    return ServedModels.of(served);
  }

  @Bean
  SparseEmbedder sparseEmbedder(AtomicReference<Runnable> beforeForwardPass) {
    return FakeTasks.sparseEmbedder(
        new AnswerMemory(1 << 21, "diptych.encoding.answer-memory"),
        () -> beforeForwardPass.get().run(),
        EncodingWatch.NONE);
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
