package dev.diptych.tasks.decision;

import dev.diptych.Overloaded;
import dev.diptych.encoding.Keeper;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.Report;
import dev.diptych.generation.TextGenerator;
import dev.diptych.sampling.SamplingParameters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads answers from a decoder: each question is a prompt that asks for the label of an option, and
 * the probabilities are those of the labels at the first place of the answer, of which nothing is
 * generated.
 *
 * <p>A choice is asked in several cyclic orders of its options, and the logarithms of the
 * probabilities averaged, as small models prefer some labels whatever stands behind them (Zheng et
 * al. 2024, arXiv:2309.03882).
 */
public final class DecoderDecider implements Decider {

  /*
   * The first prompt is computed alone. When it is in the cache the others, which begin like it, only
   * need what is theirs, and are computed together, but not more at once than leaves places to other
   * requests.
   */

  private static final int AT_ONCE = 16;

  private final TextGenerator generator;
  private final DecisionLimits limits;
  private final KnownLabels known;

  /** One that asks a decoder, which stays its owner's. */
  DecoderDecider(TextGenerator generator, DecisionLimits limits, KnownLabels known) {
    this.generator = generator;
    this.limits = limits;
    this.known = known;
  }

  @Override
  public Decisions decide(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException {
    limits.checkQuestions(questions.size());
    generator.requireRoom();
    List<LabelledPrompt> prompts = prompts(state, questions);
    List<GenerationEvent.Finished> results = results(prompts);
    List<Answer> answers = new ArrayList<>();
    for (int first = 0; first < prompts.size(); ) {
      int next = first + prompts.get(first).orders();
      answers.add(
          LabelledPrompt.answer(prompts.subList(first, next), results.subList(first, next)));
      first = next;
    }
    return new Decisions(
        answers,
        prompts.stream().mapToLong(prompt -> prompt.ids().length).sum(),
        results.stream().mapToLong(GenerationEvent.Finished::cachedPromptTokens).sum());
  }

  private List<LabelledPrompt> prompts(String state, List<Question> questions) {
    List<LabelledPrompt> prompts = new ArrayList<>();
    long tokens = 0;
    for (Question question : questions) {
      AnswerLabels labels = known.of(generator.chat(), AnswerKind.of(question));
      int orders = question instanceof Question.Choice ? limits.orders(question.size()) : 1;
      for (int order = 0; order < orders; order++) {
        LabelledPrompt prompt =
            LabelledPrompt.of(generator.chat(), state, question, labels, order, orders);
        tokens += prompt.ids().length;
        limits.checkTokens(tokens);
        prompts.add(prompt);
      }
    }
    return prompts;
  }

  private List<GenerationEvent.Finished> results(List<LabelledPrompt> prompts)
      throws InterruptedException {
    List<GenerationEvent.Finished> results = new ArrayList<>();
    Deque<Generation> running = new ArrayDeque<>();
    try {
      for (LabelledPrompt prompt : prompts) {
        boolean firstRuns = results.isEmpty() && !running.isEmpty();
        if (firstRuns || running.size() == AT_ONCE) {
          results.add(ended(running));
        }
        running.add(started(prompt, running, results));
      }
      while (!running.isEmpty()) {
        results.add(ended(running));
      }
      return results;
    } finally {
      running.forEach(Generation::close);
    }
  }

  /* Where no place is free one of its own becomes free. */
  private Generation started(
      LabelledPrompt prompt, Deque<Generation> running, List<GenerationEvent.Finished> results)
      throws InterruptedException {
    GenerationRequest request =
        GenerationRequest.of(new Prompt.Tokens(prompt.ids()), 0, SamplingParameters.GREEDY)
            .with(Report.ofNext(prompt.tokens()));
    while (true) {
      try {
        return generator.start(request);
      } catch (Overloaded e) {
        if (running.isEmpty()) {
          throw e;
        }
        results.add(ended(running));
      }
    }
  }

  private static GenerationEvent.Finished ended(Deque<Generation> running)
      throws InterruptedException {
    try (Generation oldest = running.removeFirst()) {
      return oldest.result();
    }
  }
}
