package dev.diptych.http.huggingface;

import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialect alone, with models without weights. Not annotated as a configuration, so that no
 * other test finds it by scanning.
 */
@EnableAutoConfiguration
@ComponentScan("dev.diptych.http.huggingface")
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class HuggingFaceTestApplication {

  static final int MAX_CONCURRENT_INPUTS = 8;
  static final long ANSWER_MEMORY = 1 << 24;

  @Bean
  MaskFiller filler(AnswerMemory memory) {
    return new MaskFiller(
        new EncoderEngine("fake", new FakeEncoder(32), MAX_CONCURRENT_INPUTS, 16384),
        new WordTokenizer(),
        new EncoderLimits(32, 8, true),
        ModelFacts.ofEncoder("fake", "float32", "cpu", 32),
        memory);
  }

  @Bean
  AnswerMemory memory() {
    return new AnswerMemory(ANSWER_MEMORY, "diptych.encoding.answer-memory");
  }

  @Bean
  Served<MaskFiller> served(MaskFiller filler) {
    Served<MaskFiller> served = new Served<>(Role.FILL_MASK, "fake");
    served.become(new Served.Ready<>(filler));
    return served;
  }

  @Bean
  HeadedEncoder taggerEncoder(AnswerMemory memory) {
    List<String> labels = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
    Head head = new Head.TokenClassifier(new Head.Labels(labels, null), null, true);
    return encoder("fake-tagger", head, memory);
  }

  @Bean
  Served<Tagger> servedTagger(HeadedEncoder taggerEncoder) {
    Served<Tagger> served = new Served<>(Role.TAG, "fake-tagger");
    served.become(new Served.Ready<>(new Tagger(taggerEncoder)));
    return served;
  }

  @Bean
  Served<QuestionAnswerer> servedAnswerer(AnswerMemory memory) {
    Served<QuestionAnswerer> served = new Served<>(Role.ANSWER, "fake-answerer");
    Head head = new Head.QuestionAnswering(null);
    served.become(new Served.Ready<>(new QuestionAnswerer(encoder("fake-answerer", head, memory))));
    return served;
  }

  @Bean
  ServedModels<TextClassifier> classifierModels(AnswerMemory memory) {
    Served<TextClassifier> served = new Served<>(Role.CLASSIFY, "fake-classifier");
    List<String> labels = List.of("contradiction", "neutral", "entailment");
    Head head = new Head.SequenceClassifier(new Head.Labels(labels, null), Pooling.CLS, null, true);
    served.become(new Served.Ready<>(new TextClassifier(encoder("fake-classifier", head, memory))));
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<Embedder> embedderModels(AnswerMemory memory) {
    Served<Embedder> served = new Served<>(Role.EMBED, "fake-embedder");
    served.become(
        new Served.Ready<>(
            new Embedder(
                new EncoderEngine(
                    "fake-embedder", new FakeEncoder(32), MAX_CONCURRENT_INPUTS, 16384),
                new WordTokenizer(),
                SentenceVectors.of(Pooling.MEAN),
                new EncoderLimits(32, 8, true),
                Prompts.NONE,
                ModelFacts.ofEncoder("fake-embedder", "float32", "cpu", 32),
                memory)));
    return ServedModels.of(served);
  }

  private static HeadedEncoder encoder(String name, Head head, AnswerMemory memory) {
    return new HeadedEncoder(
        new EncoderEngine(name, new FakeEncoder(32, head, _ -> {}), MAX_CONCURRENT_INPUTS, 16384),
        new WordTokenizer(),
        new EncoderLimits(32, 8, true),
        ModelFacts.ofEncoder(name, "float32", "cpu", 32),
        memory);
  }

  @Bean
  ServedModels<Tagger> taggerModels(Served<Tagger> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<QuestionAnswerer> answererModels(Served<QuestionAnswerer> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<MaskFiller> maskFillerModels(Served<MaskFiller> served) {
    return ServedModels.of(served);
  }
}
