package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.model.ModelFacts;
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

  /** Candidates of one answer, all masks of all texts together; each costs two decodings. */
  static final int MAX_CANDIDATES = 1 << 16;

  private final EncoderEngine engine;
  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final ModelFacts facts;
  private final Targets targets;
  private final int maskId;

  /**
   * @param limits whose {@code autoTruncate} is not used: a text is never cut, since a mask might
   *     be lost
   * @throws IllegalArgumentException if the model cannot fill masks
   */
  public MaskFiller(
      EncoderEngine engine, Tokenizer tokenizer, EncoderLimits limits, ModelFacts facts) {
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
    this.targets = new Targets(tokenizer, engine.vocabularySize(), limits);
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
   * @return {@code [texts][masks of the text][candidates]}
   * @throws InvalidInput if a text has no mask or is too long, or an option is out of range
   * @throws dev.diptych.Overloaded if there is no place for all texts
   */
  public List<List<List<FilledMask>>> fill(List<String> inputs, FillMaskOptions options) {
    limits.checkBatch(inputs.size());
    try (Permits _ = engine.admit(inputs.size())) {
      int @Nullable [] among = targets.ids(options.targets());
      List<EncoderInput> encoded = inputs.stream().map(this::encode).toList();
      int count = candidates(options.topK(), among, encoded);
      List<EncoderOutput> outputs = engine.encode(new EncoderTask.MaskedLanguageModel(), encoded);
      return IntStream.range(0, encoded.size())
          .mapToObj(i -> fill(encoded.get(i), outputs.get(i), count, among))
          .toList();
    }
  }

  private EncoderInput encode(String text) {
    if (text.isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    limits.checkCharacters(text.codePointCount(0, text.length()));
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
    return EncoderInput.of(ids, masks);
  }

  private int candidates(int topK, int @Nullable [] among, List<EncoderInput> inputs) {
    if (topK < 1) {
      throw new InvalidInput("`top_k` must be at least 1. Given: %d".formatted(topK));
    }
    if (among == null && topK > engine.vocabularySize()) {
      throw new InvalidInput(
          "`top_k` must be at most %d, the size of the vocabulary. Given: %d"
              .formatted(engine.vocabularySize(), topK));
    }
    int count = among == null ? topK : Math.min(topK, among.length);
    long masks = inputs.stream().mapToInt(input -> input.rows().length).sum();
    if (count * masks > MAX_CANDIDATES) {
      throw new InvalidInput(
          "`top_k` of %d for %d masks gives %d candidates, more than the %d of one answer"
              .formatted(count, masks, count * masks, MAX_CANDIDATES));
    }
    return count;
  }

  private List<List<FilledMask>> fill(
      EncoderInput input, EncoderOutput output, int count, int @Nullable [] among) {
    List<List<FilledMask>> masks = new ArrayList<>(input.rows().length);
    for (int i = 0; i < input.rows().length; i++) {
      int position = input.rows()[i];
      MaskScores scores = new MaskScores(output.values()[i]);
      masks.add(
          Arrays.stream(scores.top(count, among))
              .mapToObj(
                  token ->
                      new FilledMask(
                          scores.probability(token),
                          token,
                          tokenizer.decode(new int[] {token}, false),
                          sequence(input, position, token)))
              .toList());
    }
    return masks;
  }

  /** The text with one mask filled; special tokens and other masks stay if there are several. */
  private String sequence(EncoderInput input, int position, int token) {
    int[] ids = input.tokenIds().clone();
    ids[position] = token;
    int padding = tokenizer.paddingId().orElse(-1);
    int[] kept = Arrays.stream(ids).filter(id -> id != padding).toArray();
    return tokenizer.decode(kept, input.rows().length == 1);
  }

  /** Ends the engine, which may be shared with other facades of the same model. */
  @Override
  public void close() {
    engine.close();
  }
}
