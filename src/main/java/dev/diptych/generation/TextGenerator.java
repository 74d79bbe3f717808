package dev.diptych.generation;

import dev.diptych.DiptychException;
import dev.diptych.DiptychSettings;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.chat.Chat;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.Permits;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.WatchedEngine;
import dev.diptych.sampling.constraint.CompiledConstraint;
import dev.diptych.sampling.constraint.Constraint;
import dev.diptych.sampling.constraint.Constraints;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.TokenBytes;
import dev.diptych.tokenization.Tokenizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates text with one decoder: the tokenizer, the limits and the engine behind {@code
 * /generate}. Safe for use from any number of threads.
 */
public final class TextGenerator implements AutoCloseable, ModelFacts.Known {

  private static final int COMPILING = 1 << 15; // as work on so many characters
  private static final int EVERY_ROW_FLOATS = 4 << 20; // logits of a chunk of which all rows count

  private static final int BYTES_OF_A_TOKEN = 128; // told: it, its event, and it on the wire

  private final DecoderModel model;
  private final Tokenizer tokenizer;
  private final Chat chat;
  private final GenerationDefaults defaults;
  private final ModelFacts facts;
  private final GenerationLimits limits;
  private final GenerationEngine engine;
  private final GenerationWatch watch;
  private final AnswerMemory memory;
  private final KeyValueMemory.Share cache;
  private @Nullable Constraints constraints;
  private @Nullable TokenBytes tokenBytes;

  /**
   * A generator that takes requests at once.
   *
   * @param model owned from now on: closed with this
   * @param chat how the model is talked to
   * @param defaults with which tokens the model ends an answer, and how it likes to be drawn from
   * @param modelName for logs and answers
   * @param dataType what the model computes in, such as {@code float32}
   * @param device where it computes, such as {@code cpu}
   * @param cache memory for keys and values; owned from now on
   * @param watch is told what it does
   */
  public TextGenerator(
      DecoderModel model,
      Tokenizer tokenizer,
      Chat chat,
      GenerationDefaults defaults,
      DiptychSettings.Generation settings,
      String modelName,
      String dataType,
      String device,
      KeyValueMemory.Share cache,
      GenerationWatch watch) {
    this.watch = watch;
    this.cache = cache;
    this.model = model;
    this.tokenizer = tokenizer;
    this.defaults = defaults;
    this.memory =
        new AnswerMemory(settings.answerMemory().toBytes(), "diptych.generation.answer-memory");
    this.limits = GenerationLimits.of(settings, model, cache.total());
    this.chat = chat.within(limits.maxInputTokens());
    this.facts =
        new ModelFacts(
            modelName,
            null,
            dataType,
            device,
            limits.maxInputTokens(),
            limits.maxTotalTokens(),
            model.backend());
    CacheBudget budget =
        new CacheBudget(
            cache.total() / model.cacheBytesPerToken(),
            settings.maxBatchSequences(),
            model.contextLength(),
            model.commitsWhenWritten());
    watch.begins(budget.tokens());
    ContinuousBatchScheduler scheduler =
        new ContinuousBatchScheduler(
            budget,
            CacheRoom.in(cache, model.cacheBytesPerToken()),
            settings.prefillChunkTokens(),
            Math.max(1, EVERY_ROW_FLOATS / model.vocabularySize()),
            new PromptLookup(settings.promptLookupTokens(), model.mostRowsWithDrafts()));
    this.engine =
        new GenerationEngine(
            model,
            new AnswerFactory(tokenizer, defaults.endOfTextIds(), model.vocabularySize()),
            scheduler,
            settings.maxConcurrentRequests(),
            watch,
            modelName);
    cache.whenChanged(engine::memoryChanged);
  }

  /** A generator that nobody watches, with memory of its own. */
  public TextGenerator(
      DecoderModel model,
      Tokenizer tokenizer,
      Chat chat,
      GenerationDefaults defaults,
      DiptychSettings.Generation settings,
      String modelName,
      String dataType,
      String device) {
    this(
        model,
        tokenizer,
        chat,
        defaults,
        settings,
        modelName,
        dataType,
        device,
        KeyValueMemory.alone(settings.cacheMemory().toBytes()),
        GenerationWatch.NONE);
  }

  /** A generator that nobody watches, of a model that cannot be talked to. */
  public TextGenerator(
      DecoderModel model,
      Tokenizer tokenizer,
      GenerationDefaults defaults,
      DiptychSettings.Generation settings,
      String modelName,
      String dataType,
      String device) {
    this(model, tokenizer, Chat.none(tokenizer), defaults, settings, modelName, dataType, device);
  }

  @Override
  public ModelFacts facts() {
    return facts;
  }

  /** How the model is talked to. */
  public Chat chat() {
    return chat;
  }

  /** What the model's own files say about generating a text. */
  public GenerationDefaults defaults() {
    return defaults;
  }

  /** The bytes of each token, which are looked up for the first request that needs them. */
  public TokenBytes tokenBytes() {
    synchronized (tokenizer) {
      TokenBytes known = tokenBytes;
      if (known == null) {
        known = tokenizer.tokenBytes(model.vocabularySize());
        tokenBytes = known;
      }
      return known;
    }
  }

  /** Where the tokens of a text lie in it. */
  public List<PlacedToken> places(String text, int[] ids) {
    return TokenPlaces.of(tokenizer, text, ids);
  }

  /** Generations that are running or waiting. */
  public int activeGenerations() {
    return engine.activeGenerations();
  }

  /**
   * Refuses at once while no more requests can be taken, before anything is made of one.
   *
   * @throws dev.diptych.Overloaded if too many are running
   * @throws dev.diptych.ModelUnavailable if the service is shutting down or the engine has failed
   */
  public void requireRoom() {
    try {
      engine.requireRoom();
    } catch (DiptychException e) {
      watch.follow().refused(e);
      throw e;
    }
  }

  /**
   * Checks a request, tokenizes it once it has a permit, and puts it in line. The caller closes the
   * generation.
   *
   * @throws InvalidInput if the request asks for what cannot be done
   * @throws dev.diptych.Overloaded if too many are running
   * @throws dev.diptych.ModelUnavailable if the service is shutting down or the engine has failed
   */
  public Generation start(GenerationRequest request) {
    long begin = System.nanoTime();
    GenerationWatch.Follower follower = watch.follow();
    try {
      return start(request, begin, follower);
    } catch (DiptychException e) {
      follower.refused(e);
      throw e;
    }
  }

  private Generation start(
      GenerationRequest request, long begin, GenerationWatch.Follower follower) {
    limits.check(request);
    engine.admit();
    Permits told = () -> {};
    try {
      int[] prompt = truncated(tokenize(request), request);
      CompiledConstraint constraint = compiled(request.constraint());
      int maxNewTokens = limits.maxNewTokens(prompt.length, request);
      long bytes = bytesBesideTheText(request, prompt.length, maxNewTokens);
      told = memory.reserve(bytes + (constraint == null ? 0 : constraint.bytes()));
      Duration validation = Duration.ofNanos(System.nanoTime() - begin);
      Generation generation =
          new Generation(
              request, engine, prompt, constraint, maxNewTokens, validation, follower, told);
      engine.submit(generation);
      return generation;
    } catch (RuntimeException | Error e) {
      told.close();
      engine.giveUp();
      throw e;
    }
  }

  /**
   * Refuses new requests, lets the running ones go on for so long, then ends them with a failure.
   */
  public void drain(Duration patience) throws InterruptedException {
    engine.drain(patience);
  }

  /** Refuses new requests for this reason, and ends the running ones with it. */
  public void end(ModelUnavailable reason) throws InterruptedException {
    engine.end(reason);
  }

  /** Its engine, for whoever watches over it. */
  public WatchedEngine engine() {
    return engine;
  }

  /** Ends what is running and frees the model, unless a step of it does not end. */
  @Override
  public void close() {
    engine.close();
    if (engine.hasEnded()) {
      model.close();
      cache.close();
    }
  }

  /* What a request makes the heap hold that one answer without further reports does not. */
  private static long bytesBesideTheText(GenerationRequest request, int prompt, int maxNewTokens) {
    long answers = (long) request.choices().drawn() * maxNewTokens;
    long places = answers + (request.report().prompt() ? prompt : 0);
    long told = places * (1 + request.report().topTokens()) + request.report().next().size();
    return BYTES_OF_A_TOKEN * (told - maxNewTokens);
  }

  private int[] tokenize(GenerationRequest request) {
    int[] tokens =
        switch (request.prompt()) {
          case Prompt.Text(String text, boolean addSpecialTokens) ->
              tokenizer.encode(bounded(text, request.truncate()), addSpecialTokens);
          case Prompt.Tokens(int[] ids) -> ids.clone();
        };
    if (tokens.length == 0) {
      throw new InvalidInput("`inputs` cannot be empty: the text has no tokens");
    }
    for (int token : tokens) {
      if (token < 0 || token >= model.vocabularySize()) {
        throw new InvalidInput(
            "`inputs` contains the token %d, the model knows 0 to %d"
                .formatted(token, model.vocabularySize() - 1));
      }
    }
    return tokens;
  }

  private @Nullable CompiledConstraint compiled(@Nullable Constraint constraint) {
    return constraint == null
        ? null
        : TextWorkers.shared().run(COMPILING, () -> constraints().compile(constraint));
  }

  /* The vocabulary is sorted for the first request that needs it. */
  private Constraints constraints() {
    synchronized (tokenizer) {
      Constraints known = constraints;
      if (known == null) {
        known = new Constraints(tokenBytes(), defaults.endOfTextIds());
        constraints = known;
      }
      return known;
    }
  }

  private String bounded(String text, @Nullable Integer truncate) {
    if (truncate == null) {
      limits.checkFewest(tokenizer.fewestTokens(text));
      return text;
    }
    return tokenizer.ending(text, truncate);
  }

  private static int[] truncated(int[] tokens, GenerationRequest request) {
    Integer truncate = request.truncate();
    return truncate == null || tokens.length <= truncate
        ? tokens
        : Arrays.copyOfRange(tokens, tokens.length - truncate, tokens.length);
  }
}
