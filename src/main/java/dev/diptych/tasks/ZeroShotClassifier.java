package dev.diptych.tasks;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Puts texts into classes that a request names, with a classifier that tells whether one sentence
 * follows from another: as the zero-shot-classification pipeline of transformers ({@code
 * pipelines/zero_shot_classification.py}).
 */
public final class ZeroShotClassifier {

  /** Texts times labels of one request; each is computed as a text by itself. */
  public static final int MAX_PAIRS = 1024;

  /** Most characters of a label. */
  public static final int MAX_LABEL_CHARACTERS = 1000;

  private static final String ENTAILMENT = "entail";

  /** The hypothesis is never cut, as it is what is asked. */
  private static final ClassifierOptions OPTIONS =
      new ClassifierOptions(null, TruncationDirection.RIGHT, Truncation.ONLY_FIRST);

  private final TextClassifier classifier;
  private final int entailment;
  private final int contradiction;

  /**
   * One over a classifier, which goes on to belong to the caller.
   *
   * @throws InferenceFailed if none of its labels is entailment
   */
  public ZeroShotClassifier(TextClassifier classifier) {
    List<String> labels = classifier.labels().names();
    this.classifier = classifier;
    this.entailment =
        IntStream.range(0, labels.size())
            .filter(i -> labels.get(i).toLowerCase(Locale.ROOT).startsWith(ENTAILMENT))
            .findFirst()
            .orElse(-1);
    if (entailment < 0 || labels.size() < 2) {
      throw new InferenceFailed(
          "%s does not tell entailment from contradiction, as classifying by labels of a request"
                  .formatted(classifier.facts().name())
              + " needs; its labels are "
              + labels);
    }
    this.contradiction = entailment == 0 ? labels.size() - 1 : 0;
  }

  /**
   * The labels of each text, the best first.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if a text is empty or too long, or there are too many texts and labels
   * @throws dev.diptych.Overloaded if there is no place for all pairs, or no memory for the answer
   */
  public List<List<LabelScore>> classify(
      List<String> texts, ZeroShotOptions options, Keeper keeper) {
    classifier.limits().checkBatch(texts.size());
    check(texts, options.labels());
    List<String> hypotheses = options.labels().stream().map(options.template()::with).toList();
    List<ClassifierInput> pairs =
        texts.stream()
            .flatMap(
                text ->
                    hypotheses.stream()
                        .<ClassifierInput>map(
                            hypothesis -> new ClassifierInput.Pair(text, hypothesis)))
            .toList();
    float[][] logits =
        classifier
            .classify(pairs, OPTIONS, new BatchLimit(MAX_PAIRS, "texts times labels"), keeper)
            .logits();
    return IntStream.range(0, texts.size())
        .mapToObj(text -> scores(logits, text * hypotheses.size(), options))
        .toList();
  }

  private static void check(List<String> texts, List<String> labels) {
    if (texts.stream().anyMatch(String::isEmpty)) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    if (labels.isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`candidate_labels` cannot be empty");
    }
    long pairs = (long) texts.size() * labels.size();
    if (pairs > MAX_PAIRS) {
      throw new InvalidInput(
          "%d texts with %d `candidate_labels` are %d pairs, more than the %d of one request"
              .formatted(texts.size(), labels.size(), pairs, MAX_PAIRS));
    }
    for (String label : labels) {
      if (label.length() > MAX_LABEL_CHARACTERS) {
        throw new InvalidInput(
            "each of `candidate_labels` must have at most %d characters. Given: %d"
                .formatted(MAX_LABEL_CHARACTERS, label.length()));
      }
    }
  }

  /**
   * @param first row of the text's first label
   */
  private List<LabelScore> scores(float[][] logits, int first, ZeroShotOptions options) {
    List<String> labels = options.labels();
    float[] scores =
        options.multiLabel() || labels.size() == 1
            ? eachByItself(logits, first, labels.size())
            : ScoreFunction.SOFTMAX.of(entailments(logits, first, labels.size()));
    return IntStream.range(0, labels.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> scores[i])
                .thenComparing(Comparator.naturalOrder())
                .reversed())
        .map(i -> new LabelScore(labels.get(i), scores[i]))
        .toList();
  }

  private float[] entailments(float[][] logits, int first, int labels) {
    float[] entailments = new float[labels];
    for (int i = 0; i < labels; i++) {
      entailments[i] = logits[first + i][entailment];
    }
    return entailments;
  }

  private float[] eachByItself(float[][] logits, int first, int labels) {
    float[] scores = new float[labels];
    for (int i = 0; i < labels; i++) {
      float[] row = logits[first + i];
      scores[i] = ScoreFunction.SOFTMAX.of(new float[] {row[contradiction], row[entailment]})[1];
    }
    return scores;
  }
}
