package dev.diptych.tasks.decision;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.tasks.Classification;
import dev.diptych.tasks.ClassifierInput;
import dev.diptych.tasks.ClassifierOptions;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads answers from an encoder with a classifier of texts. One that was trained on natural
 * language inference is asked whether the state entails each option as a hypothesis (Yin et al.
 * 2019, arXiv:1909.00161); another can only choose among its own classes, which the options must
 * name.
 */
final class ClassifierDecider implements Decider {

  private static final ClassifierOptions WHOLE =
      new ClassifierOptions(false, TruncationDirection.RIGHT, Truncation.NEITHER);
  private static final BatchLimit ANY = new BatchLimit(Integer.MAX_VALUE, "");
  private static final int NONE = -1;

  private final TextClassifier classifier;
  private final DecisionLimits limits;
  private final List<String> labels;
  private final int entailment;
  private final int contradiction;

  ClassifierDecider(TextClassifier classifier, DecisionLimits limits) {
    this.classifier = classifier;
    this.limits = limits;
    this.labels =
        classifier.labels().names().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    this.entailment = beginningWith("entail");
    this.contradiction =
        beginningWith("contradict") == NONE
            ? beginningWith("not_entail")
            : beginningWith("contradict");
  }

  private int beginningWith(String name) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).startsWith(name)) {
        return i;
      }
    }
    return NONE;
  }

  /** Whether a model was trained to tell what a text entails, so that it answers any question. */
  static boolean infers(TextClassifier classifier) {
    return new ClassifierDecider(classifier, new DecisionLimits(1, 1, 1)).infers();
  }

  private boolean infers() {
    return entailment != NONE && contradiction != NONE;
  }

  @Override
  public Decisions decide(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    return infers() ? inferred(state, questions, keeper) : classified(state, questions, keeper);
  }

  private Decisions inferred(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    List<List<ClassifierInput>> inputs = new ArrayList<>();
    for (Question question : questions) {
      inputs.add(
          Hypotheses.of(question).stream()
              .<ClassifierInput>map(hypothesis -> new ClassifierInput.Pair(state, hypothesis))
              .toList());
    }
    TextBatches<ClassifierInput, float[]> batches =
        new TextBatches<>(limits, batch -> logits(batch, keeper));
    List<List<float[]>> logits = batches.of(inputs);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      answers.add(
          Hypotheses.answer(
              questions.get(i),
              logits.get(i).stream().mapToDouble(row -> row[entailment]).toArray(),
              logits.get(i).stream().mapToDouble(row -> row[contradiction]).toArray()));
    }
    return new Decisions(answers, batches.tokens(), 0);
  }

  private Decisions classified(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    List<int[]> places = questions.stream().map(this::places).toList();
    TextBatches<ClassifierInput, float[]> batches =
        new TextBatches<>(limits, batch -> logits(batch, keeper));
    float[] logits =
        batches.of(List.of(List.of(new ClassifierInput.Text(state)))).getFirst().getFirst();
    List<Answer> answers = new ArrayList<>();
    for (int[] ofQuestion : places) {
      double[] scores = new double[ofQuestion.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = logits[ofQuestion[i]];
      }
      answers.add(Answer.ofScores(scores, null));
    }
    return new Decisions(answers, batches.tokens(), 0);
  }

  /* Of the answers among the labels. */
  private int[] places(Question question) {
    List<String> names =
        switch (question) {
          case Question.Predicate _ ->
              labels.contains("yes") ? List.of("yes", "no") : List.of("true", "false");
          case Question.Choice(_, List<Option> options) ->
              options.stream().map(Option::name).toList();
          case Question.Score(_, List<Option> levels) -> levels.stream().map(Option::name).toList();
        };
    return names.stream().mapToInt(this::place).toArray();
  }

  private int place(String name) {
    int place = labels.indexOf(name.toLowerCase(Locale.ROOT));
    if (place == NONE) {
      throw new InvalidInput(
          "the model tells only its own classes apart (%s), and `%s` is none of them"
              .formatted(classifier.labels().excerpt(), Excerpt.of(name)));
    }
    return place;
  }

  private TextBatches.Computed<float[]> logits(List<ClassifierInput> batch, Keeper keeper) {
    Classification result = classifier.classify(batch, WHOLE, ANY, keeper);
    return new TextBatches.Computed<>(List.of(result.logits()), result.metrics().tokens());
  }
}
