package dev.diptych.encoding;

import dev.diptych.DiptychException;
import dev.diptych.InvalidInput;
import dev.diptych.model.ModelFacts;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Proposes words for the masks of a text, with the results of Hugging Face's fill-mask pipeline
 * ({@code transformers/pipelines/fill_mask.py}). Safe for use from any number of threads.
 */
public final class MaskFiller implements AutoCloseable, ModelFacts.Known {

  /** Masks of one text; each costs a row of logits as wide as the vocabulary. */
  static final int MAX_MASKS = 64;

  /** Masks of all texts of one request. */
  static final int MAX_MASKS_IN_ALL = 256;

  /** Candidates of one answer, all masks of all texts together; each costs two decodings. */
  static final int MAX_CANDIDATES = 1 << 16;

  /** Characters of one answer; each candidate repeats its whole text. */
  static final int MAX_CHARACTERS = 1 << 21;

  /** What a candidate takes besides the characters of its text. */
  private static final int BYTES_OF_A_CANDIDATE = 160;

  private static final EncoderTask TASK = new EncoderTask.MaskedLanguageModel();

  private final EncoderEngine engine;
  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final ModelFacts facts;
  private final AnswerMemory memory;
  private final Targets targets;
  private final ClozeTexts clozes;
  private final int maskId;

  /**
   * @param limits whose {@code autoTruncate} is not used: a text is never cut, since a mask might
   *     be lost
   * @throws IllegalArgumentException if the model cannot fill masks
   */
  public MaskFiller(
      EncoderEngine engine,
      Tokenizer tokenizer,
      EncoderLimits limits,
      ModelFacts facts,
      AnswerMemory memory) {
    if (!engine.hasMaskedLanguageModelHead()) {
      throw new IllegalArgumentException(
          facts.name() + " has no masked-language-model head, so it cannot fill masks");
    }
    this.maskId =
        tokenizer
            .maskId()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        facts.name() + " has no mask token, so it cannot fill masks"));
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.facts = facts;
    this.memory = memory;
    this.clozes = new ClozeTexts(tokenizer, limits, maskId);
    this.targets = new Targets(tokenizer, engine.vocabularySize());
  }

  @Override
  public ModelFacts facts() {
    return facts;
  }

  public EncoderEngine engine() {
    return engine;
  }

  /** The vocabulary's entry that marks a word to fill, such as {@code [MASK]}. */
  private String maskToken() {
    return Objects.requireNonNullElse(tokenizer.token(maskId), "");
  }

  /**
   * Candidates for every mask, best first.
   *
   * @param keeper is given what the request holds until its answer is written
   * @return {@code [texts][masks of the text][candidates]}
   * @throws InvalidInput if a text has no mask or is too long, or an option is out of range
   * @throws dev.diptych.Overloaded if there is no place for all texts
   */
  public List<List<List<FilledMask>>> fill(
      List<String> inputs, FillMaskOptions options, Keeper keeper) {
    engine.watch().asked(TASK, inputs.size());
    try {
      return filled(inputs, options, keeper);
    } catch (DiptychException e) {
      engine.watch().failed(TASK, e);
      throw e;
    }
  }

  private List<List<List<FilledMask>>> filled(
      List<String> inputs, FillMaskOptions options, Keeper keeper) {
    long start = System.nanoTime();
    limits.checkBatch(inputs.size());
    Targets.check(options.targets());
    try (Permits _ = engine.admit(inputs.size())) {
      int @Nullable [] among = targets.ids(options.targets());
      List<MaskedText> texts = inputs.stream().map(this::encode).toList();
      int count = candidates(options.topK(), among, texts);
      keeper.keep(memory.reserve(answerBytes(count, texts)));
      List<MaskCandidates[]> best = best(texts, count, among, start);
      return TextWorkers.shared()
          .each(
              IntStream.range(0, texts.size()).boxed().toList(),
              i -> count * texts.get(i).masks().length * texts.get(i).ids().length,
              i -> fill(texts.get(i), best.get(i)));
    }
  }

  /**
   * How well words fit into texts, each for itself.
   *
   * @throws InvalidInput if a text is too long, or a word has no token or too many
   * @throws dev.diptych.Overloaded if there is no place for all texts
   */
  public ClozeScores fit(List<Cloze> clozes) {
    engine.watch().asked(TASK, clozes.size());
    try (Permits _ = engine.admit(clozes.size())) {
      return scores(clozes);
    } catch (DiptychException e) {
      engine.watch().failed(TASK, e);
      throw e;
    }
  }

  private ClozeScores scores(List<Cloze> clozes) {
    long start = System.nanoTime();
    List<ClozeTexts.Encoded> texts = clozes.stream().map(this.clozes::encode).toList();
    long tokenized = System.nanoTime();
    List<double[]> logarithms = new ArrayList<>(texts.size());
    List<EncoderInput> inputs = new ArrayList<>(texts.size());
    for (ClozeTexts.Encoded text : texts) {
      double[] results = new double[text.targets().length];
      logarithms.add(results);
      inputs.addAll(
          text.text()
              .inputs(
                  engine.maxLogitRows(),
                  (mask, logits) ->
                      results[mask] = MaskScores.logProbability(logits, text.targets()[mask])));
    }
    List<EncoderOutput> outputs = engine.encode(TASK, inputs);
    EncodingMetrics metrics =
        EncodingMetrics.of(
            start, tokenized, clozes.stream().mapToInt(Cloze::characters).sum(), inputs, outputs);
    engine.watch().encoded(TASK, inputs.stream().mapToInt(EncoderInput::tokens).toArray(), metrics);
    return new ClozeScores(
        logarithms.stream()
            .mapToDouble(all -> Arrays.stream(all).average().orElseThrow())
            .toArray(),
        metrics);
  }

  private MaskedText encode(String text) {
    if (text.isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    limits.checkCharacters(text.codePointCount(0, text.length()));
    limits.checkFewest(tokenizer.fewestTokens(text));
    int[] ids = tokenizer.encode(text, true);
    int[] masks = IntStream.range(0, ids.length).filter(i -> ids[i] == maskId).toArray();
    if (masks.length == 0) {
      throw new InvalidInput("no mask token (%s) was found in `inputs`".formatted(maskToken()));
    }
    if (masks.length > MAX_MASKS) {
      throw new InvalidInput(
          "`inputs` must have at most %d mask tokens (%s). Given: %d"
              .formatted(MAX_MASKS, maskToken(), masks.length));
    }
    if (ids.length > limits.maxInputTokens()) {
      throw InputChecks.tooLong(limits.maxInputTokens(), ids.length);
    }
    return new MaskedText(ids, masks);
  }

  private int candidates(int topK, int @Nullable [] among, List<MaskedText> texts) {
    if (topK < 1) {
      throw new InvalidInput("`top_k` must be at least 1. Given: %d".formatted(topK));
    }
    if (among == null && topK > engine.vocabularySize()) {
      throw new InvalidInput(
          "`top_k` must be at most %d, the size of the vocabulary. Given: %d"
              .formatted(engine.vocabularySize(), topK));
    }
    int count = among == null ? topK : Math.min(topK, among.length);
    long masks = texts.stream().mapToInt(text -> text.masks().length).sum();
    if (masks > MAX_MASKS_IN_ALL) {
      throw new InvalidInput(
          "`inputs` must have at most %d mask tokens (%s) in all. Given: %d"
              .formatted(MAX_MASKS_IN_ALL, maskToken(), masks));
    }
    if (count * masks > MAX_CANDIDATES) {
      throw new InvalidInput(
          "`top_k` of %d for %d masks gives %d candidates, more than the %d of one answer"
              .formatted(count, masks, count * masks, MAX_CANDIDATES));
    }
    long characters = answerCharacters(count, texts);
    if (characters > MAX_CHARACTERS) {
      throw new InvalidInput(
          "`top_k` of %d for %d masks gives %d candidates with the whole text each, %d characters, more than the %d of one answer"
              .formatted(count, masks, count * masks, characters, MAX_CHARACTERS));
    }
    return count;
  }

  private long answerCharacters(int count, List<MaskedText> texts) {
    return texts.stream()
        .mapToLong(text -> text.characters(tokenizer) * count * text.masks().length)
        .sum();
  }

  private long answerBytes(int count, List<MaskedText> texts) {
    long masks = texts.stream().mapToLong(text -> text.masks().length).sum();
    return answerCharacters(count, texts) * Character.BYTES + count * masks * BYTES_OF_A_CANDIDATE;
  }

  /** The best of each mask; of the logits nothing else is kept. */
  private List<MaskCandidates[]> best(
      List<MaskedText> texts, int count, int @Nullable [] among, long start) {
    long tokenized = System.nanoTime();
    List<MaskCandidates[]> best = new ArrayList<>(texts.size());
    List<EncoderInput> inputs = new ArrayList<>(texts.size());
    for (MaskedText text : texts) {
      MaskCandidates[] results = new MaskCandidates[text.masks().length];
      best.add(results);
      inputs.addAll(
          text.inputs(
              engine.maxLogitRows(), logits -> MaskScores.best(logits, count, among), results));
    }
    List<EncoderOutput> outputs = engine.encode(TASK, inputs);
    engine
        .watch()
        .encoded(
            TASK,
            inputs.stream().mapToInt(EncoderInput::tokens).toArray(),
            EncodingMetrics.of(start, tokenized, 0, inputs, outputs));
    return best;
  }

  private List<List<FilledMask>> fill(MaskedText text, MaskCandidates[] best) {
    return IntStream.range(0, best.length)
        .mapToObj(
            mask ->
                IntStream.range(0, best[mask].tokens().length)
                    .mapToObj(i -> fill(text, mask, best[mask], i))
                    .toList())
        .toList();
  }

  private FilledMask fill(MaskedText text, int mask, MaskCandidates candidates, int candidate) {
    int token = candidates.tokens()[candidate];
    return new FilledMask(
        candidates.probabilities()[candidate],
        token,
        tokenizer.decode(new int[] {token}, false),
        text.filled(mask, token, tokenizer));
  }

  /** Ends the engine, which may be shared with other facades of the same model. */
  @Override
  public void close() {
    engine.close();
  }
}
