package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Prompts;
import dev.diptych.metrics.EngineMetrics;
import dev.diptych.model.Backend;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.LogitScore;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.NamedModel;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import dev.diptych.torchscript.MemoryNeed;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** From a checkpoint folder to a warm encoder, and to what answers requests with it. */
@Component
final class EncoderStartup {

  private static final Logger log = LoggerFactory.getLogger(EncoderStartup.class);
  private static final int WARM_UP_TOKENS = 64;
  private static final String CAPITALS = "The QUICK Brown FOX JUMPS Over A LAZY Dog";

  /** A loaded encoder, which may serve several roles. */
  record LoadedEncoder(
      String name, Path folder, EncoderEngine engine, String dataType, Backend backend) {}

  private final DiptychSettings settings;
  private final Tokenizers tokenizers;
  private final Torch torch;
  private final AnswerMemory memory;
  private final EngineMetrics metrics;
  private final MemoryPlan plan;

  EncoderStartup(
      DiptychSettings settings,
      Tokenizers tokenizers,
      Torch torch,
      EngineMetrics metrics,
      MemoryPlan plan) {
    this.plan = plan;
    this.settings = settings;
    this.tokenizers = tokenizers;
    this.torch = torch;
    this.metrics = metrics;
    this.memory =
        new AnswerMemory(
            settings.encoding().answerMemory().toBytes(), "diptych.encoding.answer-memory");
  }

  /**
   * Loads a model.
   *
   * @param admitted called when memory is set aside for it
   * @throws WithoutMemory if there is none
   */
  LoadedEncoder load(NamedModel named, Path folder, Blueprint blueprint, Runnable admitted)
      throws IOException {
    String name = named.name();
    ModelLoader loader = torch.loader(named);
    Precision precision = loader.encoderPrecision(named.precision(), blueprint);
    MemoryNeed need = loader.encoderMemory(blueprint, precision);
    plan.admit(planned(name), need, precision.label(), blueprint.context(), 0);
    admitted.run();
    EncoderModel model;
    try {
      model = loader.encoder(folder, blueprint, precision);
    } catch (IOException | RuntimeException | Error e) {
      plan.release(planned(name));
      throw e;
    }
    try {
      warmUp(model);
    } catch (RuntimeException | Error e) {
      model.close();
      plan.release(planned(name));
      throw e;
    }
    log.info(
        "{} is loaded as {} in {} on {}",
        name,
        blueprint.family(),
        precision.label(),
        model.backend());
    EncoderEngine engine =
        new EncoderEngine(
            name,
            model,
            settings.encoding().maxConcurrentRequests(),
            settings.encoding().maxBatchTokens(),
            metrics.encoder(name));
    return new LoadedEncoder(name, folder, engine, precision.label(), model.backend());
  }

  /** Takes back what was set aside for the weights of a model that is closed. */
  void release(NamedModel named) {
    plan.release(planned(named.name()));
  }

  /** Under which name memory is set aside, as a model may be loaded as a decoder too. */
  static String planned(String name) {
    return name + " (encoder)";
  }

  MaskFiller maskFiller(LoadedEncoder encoder) throws IOException {
    int maxInputTokens = encoder.engine().maxInputTokens();
    return new MaskFiller(
        encoder.engine(),
        tokenizers.open(encoder.folder()),
        limits(maxInputTokens),
        facts(encoder, maxInputTokens),
        memory);
  }

  Embedder embedder(LoadedEncoder encoder) throws IOException {
    SentenceEmbedding sentences = SentenceEmbedding.read(encoder.folder());
    Tokenizer tokenizer = tokenizers.open(encoder.folder());
    requireCase(sentences, tokenizer);
    int modelLimit = encoder.engine().maxInputTokens();
    int maxInputTokens = Math.min(modelLimit, sentences.maxTokens().orElse(modelLimit));
    return new Embedder(
        encoder.engine(),
        tokenizer,
        SentenceVectorsReader.read(encoder.folder(), sentences, encoder.engine().hiddenSize()),
        limits(maxInputTokens),
        new Prompts(sentences.prompts(), sentences.defaultPrompt(), sentences.poolsPrompts()),
        facts(encoder, maxInputTokens),
        memory);
  }

  /** An encoder with its head, for tasks. */
  HeadedEncoder headed(LoadedEncoder encoder) throws IOException {
    return headed(encoder, encoder.engine().maxInputTokens());
  }

  private HeadedEncoder headed(LoadedEncoder encoder, int maxInputTokens) throws IOException {
    return new HeadedEncoder(
        encoder.engine(),
        tokenizers.open(encoder.folder()),
        limits(maxInputTokens),
        facts(encoder, maxInputTokens),
        memory);
  }

  /** An encoder with sparse vectors over its vocabulary. */
  SparseEmbedder sparseEmbedder(LoadedEncoder encoder) throws IOException {
    SentenceEmbedding sentences = SentenceEmbedding.readSparse(encoder.folder());
    requireCase(sentences, tokenizers.open(encoder.folder()));
    int modelLimit = encoder.engine().maxInputTokens();
    return new SparseEmbedder(
        headed(encoder, Math.min(modelLimit, sentences.maxTokens().orElse(modelLimit))),
        new Prompts(sentences.prompts(), sentences.defaultPrompt()));
  }

  /** An encoder that ranks. */
  Ranker ranker(LoadedEncoder encoder) throws IOException {
    HeadedEncoder headed = headed(encoder);
    BatchLimit limit =
        new BatchLimit(settings.encoding().maxRankedTexts(), "diptych.encoding.max-ranked-texts");
    return headed.head() instanceof Head.LanguageModel
        ? Ranker.judging(headed, LogitScore.read(encoder.folder()).orElse(null), limit)
        : new Ranker(headed, limit);
  }

  /* What sentence-transformers would lower before the tokenizer, the tokenizer must lower. */
  private static void requireCase(SentenceEmbedding sentences, Tokenizer tokenizer)
      throws IOException {
    int[] upper = tokenizer.encode(CAPITALS, false);
    int[] lower = tokenizer.encode(CAPITALS.toLowerCase(Locale.ROOT), false);
    if (sentences.lowersCase() && !Arrays.equals(upper, lower)) {
      throw new IOException(
          "do_lower_case of sentence_bert_config.json is not supported with a tokenizer that does"
              + " not lower letters itself");
    }
  }

  private ModelFacts facts(LoadedEncoder encoder, int maxInputTokens) {
    return ModelFacts.ofEncoder(
            encoder.name(), encoder.dataType(), torch.deviceName(), maxInputTokens)
        .on(encoder.backend());
  }

  private EncoderLimits limits(int maxInputTokens) {
    return new EncoderLimits(
        maxInputTokens,
        settings.encoding().maxClientBatchSize(),
        settings.encoding().autoTruncate());
  }

  /** Faults the weights in and lets the kernels build their caches. */
  private static void warmUp(EncoderModel model) {
    int length = Math.min(WARM_UP_TOKENS, model.maxInputTokens());
    EncoderBatch batch = new EncoderBatch(new int[length], new int[length], new int[] {0, length});
    switch (model.head()) {
      case Head.None _, Head.LanguageModel _ -> {}
      case Head.MaskedLanguageModel _ -> model.maskedLanguageModelLogits(batch, new int[] {0});
      case Head.SequenceClassifier _ -> model.textLogits(batch);
      case Head.TokenClassifier _, Head.QuestionAnswering _ -> model.tokenLogits(batch);
    }
    model.pooled(batch, Pooling.MEAN);
  }
}
