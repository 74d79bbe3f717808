package dev.diptych.encoding;

import dev.diptych.DiptychException;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.tokenization.PairPrompt;
import dev.diptych.tokenization.TextPairs;
import dev.diptych.tokenization.Tokenizer;
import java.util.List;

/**
 * An encoder with a head, and what every task does with it: places, limits, memory, measurement.
 * Safe for use from any number of threads.
 */
public final class HeadedEncoder implements AutoCloseable, ModelFacts.Known {

  private final EncoderEngine engine;
  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final ModelFacts facts;
  private final AnswerMemory memory;

  /**
   * The engine may be shared with others that answer with the same model.
   *
   * @param limits whose {@code maxInputTokens} is not above what the model takes
   */
  public HeadedEncoder(
      EncoderEngine engine,
      Tokenizer tokenizer,
      EncoderLimits limits,
      ModelFacts facts,
      AnswerMemory memory) {
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.facts = facts;
    this.memory = memory;
  }

  /** What the model makes of its hidden states. */
  public Head head() {
    return engine.head();
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public EncoderLimits limits() {
    return limits;
  }

  /** Pairs of texts that fit the model. */
  public TextPairs pairs() {
    return new TextPairs(tokenizer, limits.maxInputTokens(), limits.maxCharacters());
  }

  /** As {@link #pairs()}, within a prompt. */
  public TextPairs pairsIn(PairPrompt prompt) {
    return TextPairs.in(prompt, tokenizer, limits.maxInputTokens(), limits.maxCharacters());
  }

  @Override
  public ModelFacts facts() {
    return facts;
  }

  public EncoderEngine engine() {
    return engine;
  }

  /** What a request does once it has its places. */
  public interface Work<R> {

    /** Tokenizes, computes and finishes. */
    R run(Request request);
  }

  /**
   * Answers a request: takes places for its texts, does the work, and counts how it went.
   *
   * @param texts how many of them, at least 1; the caller has checked that they are not too many
   * @param keeper is given what the request holds until its answer is written
   * @throws dev.diptych.Overloaded if there is no place for all of them
   */
  public <R> R answer(EncoderTask task, int texts, Keeper keeper, Work<R> work) {
    return answer(task, texts, () -> {}, keeper, work);
  }

  /**
   * As {@link #answer(EncoderTask, int, Keeper, Work)}, behind a check whose refusal is counted.
   *
   * @param texts how many of them
   * @param check throws what is wrong with the request
   */
  public <R> R answer(EncoderTask task, int texts, Runnable check, Keeper keeper, Work<R> work) {
    long start = System.nanoTime();
    engine.watch().asked(task, texts);
    try {
      check.run();
      try (Permits _ = engine.admit(texts)) {
        return work.run(new Request(task, keeper, start));
      }
    } catch (DiptychException e) {
      engine.watch().failed(task, e);
      throw e;
    }
  }

  /** One request, which has its places. */
  public final class Request {

    private final EncoderTask task;
    private final Keeper keeper;
    private final long start;

    private Request(EncoderTask task, Keeper keeper, long start) {
      this.task = task;
      this.keeper = keeper;
      this.start = start;
    }

    /**
     * Reserves memory for the answer, until it is written.
     *
     * @throws dev.diptych.InvalidInput if no answer may take so much
     * @throws dev.diptych.Overloaded if it is not free now
     */
    public void reserve(long bytes) {
      keeper.keep(memory.reserve(bytes));
    }

    /**
     * Computes all inputs; called once.
     *
     * @param characters code points of the texts
     * @return one row of logits per input, as the task says
     */
    public Logits compute(List<EncoderInput> inputs, int characters) {
      long tokenized = System.nanoTime();
      List<EncoderOutput> outputs = engine.encode(task, inputs);
      return new Logits(
          outputs.stream()
              .map(output -> Vectors.finite(output.values()[0]))
              .toArray(float[][]::new),
          measured(tokenized, inputs, characters, outputs));
    }

    /**
     * Computes all inputs whose logits their readers are given; called once.
     *
     * @param characters code points of the texts
     */
    public EncodingMetrics read(List<EncoderInput> inputs, int characters) {
      long tokenized = System.nanoTime();
      return measured(tokenized, inputs, characters, engine.encode(task, inputs));
    }

    private EncodingMetrics measured(
        long tokenized, List<EncoderInput> inputs, int characters, List<EncoderOutput> outputs) {
      EncodingMetrics metrics = EncodingMetrics.of(start, tokenized, characters, inputs, outputs);
      engine
          .watch()
          .encoded(task, inputs.stream().mapToInt(EncoderInput::tokens).toArray(), metrics);
      return metrics;
    }

    /** Reserves memory for parts of the answer as they come, until it is written. */
    public GrowingAnswer growing() {
      GrowingAnswer answer = new GrowingAnswer(memory);
      keeper.keep(answer);
      return answer;
    }
  }

  /**
   * The logits of a request's inputs, all of them finite, {@code [inputs][as the task says]}.
   *
   * <p>The arrays are not copied.
   *
   * @param metrics what they cost
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Logits(float[][] values, EncodingMetrics metrics) {}

  /** Ends the engine. */
  @Override
  public void close() {
    engine.close();
  }
}
