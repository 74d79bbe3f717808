package dev.diptych.tasks.decision;

import dev.diptych.encoding.Cloze;
import dev.diptych.encoding.ClozeScores;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.MaskFiller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads answers from an encoder that fills masks: each option is a word behind the state and the
 * question, and fits better or worse than it would without the state, as some words fit anywhere
 * (Holtzman et al. 2021, arXiv:2104.08315).
 */
final class ClozeDecider implements Decider {

  private static final List<Option> YES_OR_NO = List.of(Option.of("yes"), Option.of("no"));
  private static final String END = ".";

  private final MaskFiller filler;
  private final DecisionLimits limits;

  ClozeDecider(MaskFiller filler, DecisionLimits limits) {
    this.filler = filler;
    this.limits = limits;
  }

  @Override
  public Decisions decide(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    List<List<Cloze>> clozes = new ArrayList<>();
    for (Question question : questions) {
      clozes.add(clozes(state + " ", question));
      clozes.add(clozes("", question));
    }
    TextBatches<Cloze, Double> batches = new TextBatches<>(limits, this::scores);
    List<List<Double>> scores = batches.of(clozes);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < scores.size(); i += 2) {
      List<Double> with = scores.get(i);
      List<Double> without = scores.get(i + 1);
      double[] gains = new double[with.size()];
      Arrays.setAll(gains, option -> with.get(option) - without.get(option));
      answers.add(Answer.ofScores(gains, null));
    }
    return new Decisions(answers, batches.tokens(), 0);
  }

  private static List<Cloze> clozes(String state, Question question) {
    List<Option> options =
        switch (question) {
          case Question.Predicate _ -> YES_OR_NO;
          case Question.Choice choice -> choice.options();
          case Question.Score score -> score.levels();
        };
    String before = "%sQuestion: %s Answer:".formatted(state, asked(question));
    return options.stream().map(option -> new Cloze(before, option.name(), END)).toList();
  }

  private static String asked(Question question) {
    return question instanceof Question.Predicate(String instructions, String ifTrue, _)
            && instructions.isBlank()
            && ifTrue != null
        ? ifTrue
        : question.instructions();
  }

  private TextBatches.Computed<Double> scores(List<Cloze> batch) {
    ClozeScores scores = filler.fit(batch);
    return new TextBatches.Computed<>(
        Arrays.stream(scores.logProbabilities()).boxed().toList(), scores.metrics().tokens());
  }
}
