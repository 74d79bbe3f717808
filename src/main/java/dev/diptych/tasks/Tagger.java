package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tags the words of a text, with the results of the token-classification pipeline of transformers
 * ({@code pipelines/token_classification.py}). Safe for use from any number of threads.
 */
public final class Tagger implements AutoCloseable, ModelFacts.Known {

  /** Windows of all texts of one request; each is computed as a text by itself. */
  public static final int MAX_WINDOWS = 128;

  /** Most labels to ignore. */
  public static final int MAX_IGNORED_LABELS = 1000;

  /** What a token's tag takes besides its logits. */
  private static final int BYTES_OF_A_TAG = 240;

  private static final EncoderTask TASK = new EncoderTask.TokenLogits();

  private final HeadedEncoder encoder;
  private final List<String> labels;
  private final TaggerWindows windows;

  /**
   * One on this model, which it owns.
   *
   * @throws IllegalArgumentException if the model has another head, or takes too few tokens
   */
  public Tagger(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.TokenClassifier head)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of tokens, so it cannot tag");
    }
    this.encoder = encoder;
    this.labels = head.labels().names();
    this.windows = new TaggerWindows(encoder.tokenizer(), encoder.limits());
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /**
   * The tags of each text, in the order of their beginnings.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if a text is empty, or too long and not to be cut, or an option is out of
   *     range
   * @throws dev.diptych.Overloaded if there is no place for all texts, or no memory for the answer
   */
  public List<List<Tag>> tag(List<String> texts, TaggingOptions options, Keeper keeper) {
    return encoder.answer(
        TASK,
        texts.size(),
        () -> check(texts, options),
        keeper,
        request -> {
          List<TaggedText> encoded = windows.of(texts, options.stride());
          request.reserve(encoded.stream().mapToLong(this::answerBytes).sum());
          List<EncoderInput> inputs =
              encoded.stream().flatMap(text -> text.inputs().stream()).toList();
          int characters = encoded.stream().mapToInt(TaggedText::characters).sum();
          return tags(encoded, options, request.compute(inputs, characters).values());
        });
  }

  private void check(List<String> texts, TaggingOptions options) {
    encoder.limits().checkBatch(texts.size());
    if (options.ignoredLabels().size() > MAX_IGNORED_LABELS) {
      throw new InvalidInput(
          "`ignore_labels` must have at most %d labels. Given: %d"
              .formatted(MAX_IGNORED_LABELS, options.ignoredLabels().size()));
    }
    windows.check(options.stride());
  }

  private long answerBytes(TaggedText text) {
    long tokens = text.tokens();
    return 2 * tokens * labels.size() * Float.BYTES
        + tokens * BYTES_OF_A_TAG
        + 2L * Character.BYTES * text.text().length();
  }

  /**
   * @param logits {@code [windows of all texts][tokens * labels]}
   */
  private List<List<Tag>> tags(List<TaggedText> texts, TaggingOptions options, float[][] logits) {
    TagAggregation aggregation = new TagAggregation(labels, options, encoder.tokenizer());
    int[] firsts = new int[texts.size() + 1];
    Arrays.setAll(firsts, i -> i == 0 ? 0 : firsts[i - 1] + texts.get(i - 1).windows().size());
    return TextWorkers.shared()
        .each(
            IntStream.range(0, texts.size()).boxed().toList(),
            i -> texts.get(i).tokens(),
            i -> tags(texts.get(i), firsts[i], logits, aggregation));
  }

  private List<Tag> tags(TaggedText text, int first, float[][] logits, TagAggregation aggregation) {
    Tokenizer tokenizer = encoder.tokenizer();
    CodePoints codePoints = new CodePoints(text.text());
    List<Tag> tags =
        IntStream.range(0, text.windows().size())
            .boxed()
            .flatMap(
                window ->
                    aggregation.of(
                        text.tokens(window, logits[first + window], tokenizer, codePoints)))
            .toList();
    return text.windows().size() == 1 ? tags : TagAggregation.withoutOverlaps(tags);
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
