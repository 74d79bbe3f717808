package dev.diptych.encoding;

import dev.diptych.DiptychException;
import dev.diptych.InvalidInput;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns texts into vectors with one model. Safe for use from any number of threads. */
public final class Embedder implements AutoCloseable, ModelFacts.Known {

  private final EncoderEngine engine;
  private final Tokenizer tokenizer;
  private final SentenceVectors vectors;
  private final EncoderLimits limits;
  private final Prompts prompts;
  private final ModelFacts facts;
  private final AnswerMemory memory;
  private final TextEncoder texts;

  /**
   * @param limits whose {@code maxInputTokens} may be below what the model could take, never above
   */
  public Embedder(
      EncoderEngine engine,
      Tokenizer tokenizer,
      SentenceVectors vectors,
      EncoderLimits limits,
      Prompts prompts,
      ModelFacts facts,
      AnswerMemory memory) {
    if (limits.maxInputTokens() > engine.maxInputTokens()) {
      throw new IllegalArgumentException(
          "%d tokens per input are more than the %d of the model"
              .formatted(limits.maxInputTokens(), engine.maxInputTokens()));
    }
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.vectors = vectors;
    this.limits = limits;
    this.prompts = prompts;
    this.facts = facts;
    this.memory = memory;
    this.texts = new TextEncoder(tokenizer, limits, prompts);
  }

  @Override
  public ModelFacts facts() {
    return facts;
  }

  /** How the vectors of a text's tokens become one, or several that stand side by side. */
  public List<Pooling> poolings() {
    return vectors.poolings();
  }

  /** Width of a text's vector. */
  public int width() {
    return vectors.width(engine.hiddenSize());
  }

  /** What a request may ask for. */
  public EncoderLimits limits() {
    return limits;
  }

  public EncoderEngine engine() {
    return engine;
  }

  /**
   * One vector per input.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if an input is empty or too long, or an option is out of range
   * @throws dev.diptych.Overloaded if there is no place for all of them
   */
  public Embeddings embed(
      List<EmbedInput> inputs, TextOptions text, VectorOptions vector, Keeper keeper) {
    checkDimensions(vector.dimensions());
    return run(
        new EncoderTask.Pooled(vectors.poolings(), texts.unpooledTokens(text)),
        inputs,
        text,
        keeper,
        result ->
            new Embeddings(
                Arrays.stream(vectors.of(result.values()))
                    .map(values -> Vectors.shaped(Vectors.finite(values), vector))
                    .toArray(float[][]::new),
                result.metrics()));
  }

  /** One vector per token, as {@link #embed}. */
  public TokenEmbeddings embedTokens(List<EmbedInput> inputs, TextOptions text, Keeper keeper) {
    return run(
        new EncoderTask.HiddenStates(),
        inputs,
        text,
        keeper,
        result -> {
          Arrays.stream(result.values()).forEach(Vectors::finite);
          return new TokenEmbeddings(result.values(), engine.hiddenSize(), result.metrics());
        });
  }

  /** The cosine between the embedding of the source and that of each sentence. */
  public Similarities similarities(
      String source, List<String> sentences, TextOptions text, Keeper keeper) {
    if (sentences.isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs.sentences` cannot be empty");
    }
    List<EmbedInput> inputs = new ArrayList<>(sentences.size() + 1);
    inputs.add(new EmbedInput.Text(source));
    sentences.forEach(sentence -> inputs.add(new EmbedInput.Text(sentence)));
    Embeddings embeddings = embed(inputs, text, new VectorOptions(false, null), keeper);
    float[][] vectors = embeddings.vectors();
    float[] cosines = new float[sentences.size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = Vectors.cosine(vectors[0], vectors[i + 1]);
    }
    return new Similarities(cosines, embeddings.metrics());
  }

  /**
   * The tokens of each text, never truncated.
   *
   * @param keeper as in {@link #embed}
   */
  public List<List<TextToken>> tokenize(
      List<String> inputs, boolean addSpecialTokens, @Nullable String promptName, Keeper keeper) {
    limits.checkBatch(inputs.size());
    String prompt = Objects.requireNonNullElse(prompts.prompt(promptName), "");
    TokenListing listing = new TokenListing(tokenizer, limits);
    long characters = listing.characters(inputs, prompt.length());
    try (Permits _ = engine.admit(inputs.size())) {
      keeper.keep(memory.reserve(characters * TokenListing.BYTES_PER_CHARACTER));
      return listing.of(inputs, prompt, addSpecialTokens);
    }
  }

  /**
   * The text of each list of token ids.
   *
   * @param keeper as in {@link #embed}
   */
  public List<String> decode(List<int[]> ids, boolean skipSpecialTokens, Keeper keeper) {
    limits.checkBatch(ids.size());
    TokenListing listing = new TokenListing(tokenizer, limits);
    long characters = listing.decodedCharacters(ids);
    try (Permits _ = engine.admit(ids.size())) {
      keeper.keep(memory.reserve(characters * Character.BYTES));
      return TextWorkers.shared()
          .each(ids, list -> list.length, list -> texts.decode(list, skipSpecialTokens));
    }
  }

  /** Ends the engine, which may be shared with other facades of the same model. */
  @Override
  public void close() {
    engine.close();
  }

  /** What came back for all inputs, {@code [inputs][values]}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Result(float[][] values, EncodingMetrics metrics) {}

  private <R> R run(
      EncoderTask task,
      List<EmbedInput> inputs,
      TextOptions text,
      Keeper keeper,
      Function<Result, R> finish) {
    engine.watch().asked(task, inputs.size());
    try {
      return encode(task, inputs, text, keeper, finish);
    } catch (DiptychException e) {
      engine.watch().failed(task, e);
      throw e;
    }
  }

  private <R> R encode(
      EncoderTask task,
      List<EmbedInput> inputs,
      TextOptions text,
      Keeper keeper,
      Function<Result, R> finish) {
    long start = System.nanoTime();
    limits.checkBatch(inputs.size());
    try (Permits _ = engine.admit(inputs.size())) {
      List<EncoderInput> encoded = texts.encode(inputs, text);
      long tokenized = System.nanoTime();
      keeper.keep(memory.reserve(answerBytes(task, encoded)));
      List<EncoderOutput> outputs = engine.encode(task, encoded);
      EncodingMetrics metrics =
          EncodingMetrics.of(
              start,
              tokenized,
              inputs.stream().mapToInt(EmbedInput::characters).sum(),
              encoded,
              outputs);
      float[][] values = outputs.stream().map(output -> output.values()[0]).toArray(float[][]::new);
      R result = finish.apply(new Result(values, metrics));
      engine
          .watch()
          .encoded(task, encoded.stream().mapToInt(EncoderInput::tokens).toArray(), metrics);
      return result;
    }
  }

  private long answerBytes(EncoderTask task, List<EncoderInput> inputs) {
    int hidden = engine.hiddenSize();
    long numbers =
        task instanceof EncoderTask.HiddenStates
            ? inputs.stream().mapToLong(EncoderInput::tokens).sum() * hidden
            : inputs.size() * vectors.held(hidden);
    return numbers * Float.BYTES;
  }

  private void checkDimensions(@Nullable Integer dimensions) {
    if (dimensions == null) {
      return;
    }
    if (dimensions <= 0) {
      throw new InvalidInput("`dimensions` should be positive. Given: %d".formatted(dimensions));
    }
    if (dimensions > width()) {
      throw new InvalidInput(
          "`dimensions` should be at most %d, the model's embedding dimension. Given: %d"
              .formatted(width(), dimensions));
    }
  }
}
