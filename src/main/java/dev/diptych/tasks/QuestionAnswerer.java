package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.tokenization.TextWorkers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the answer to a question in a text, with the results of the question-answering pipeline of
 * transformers 5.1 ({@code pipelines/question_answering.py}). Safe for use from any number of
 * threads.
 */
public final class QuestionAnswerer implements AutoCloseable, ModelFacts.Known {

  /** Windows of all contexts of one request; each is computed as a text by itself. */
  public static final int MAX_WINDOWS = 128;

  /** Most answers to one question. */
  public static final int MAX_TOP_K = 1000;

  /** What an answer takes besides its text. */
  private static final int BYTES_OF_AN_ANSWER = 160;

  private static final int BYTES_PER_TOKEN = 32;

  private static final EncoderTask TASK = new EncoderTask.TokenLogits();

  private final HeadedEncoder encoder;
  private final QuestionWindows windows;

  /**
   * One on this model, which it owns.
   *
   * @throws IllegalArgumentException if the model has another head
   */
  public QuestionAnswerer(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.QuestionAnswering)) {
      throw new IllegalArgumentException(
          encoder.facts().name()
              + " has no head that marks answers, so it cannot answer questions");
    }
    this.encoder = encoder;
    this.windows = new QuestionWindows(encoder.tokenizer(), encoder.limits());
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /**
   * The answers to each question, best first; none if the context has nothing that could be one.
   *
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if a text is empty or too long, or an option is out of range
   * @throws dev.diptych.Overloaded if there is no place for all questions, or no memory for the
   *     answers
   */
  public List<List<TextAnswer>> answer(
      List<Question> questions, AnswerOptions options, Keeper keeper) {
    return encoder.answer(
        TASK,
        questions.size(),
        () -> check(questions, options),
        keeper,
        request -> {
          List<List<QuestionWindow>> encoded = windows.of(questions, options);
          request.reserve(encoded.stream().mapToLong(of -> answerBytes(of, options)).sum());
          List<EncoderInput> inputs =
              encoded.stream()
                  .flatMap(List::stream)
                  .map(QuestionWindow::encoding)
                  .map(window -> EncoderInput.of(window.ids(), window.typeIds()))
                  .toList();
          int characters = questions.stream().mapToInt(Question::characters).sum();
          float[][] logits = request.compute(inputs, characters).values();
          return answers(questions, encoded, options, logits);
        });
  }

  private void check(List<Question> questions, AnswerOptions options) {
    encoder.limits().checkBatch(questions.size());
    requireBetween("top_k", options.topK(), 1, MAX_TOP_K);
    requireBetween("max_answer_len", options.maxAnswerTokens(), 1, Integer.MAX_VALUE);
    if (options.stride() != null) {
      requireBetween("doc_stride", options.stride(), 0, Integer.MAX_VALUE);
    }
    if (options.maxWindowTokens() != null) {
      requireBetween("max_seq_len", options.maxWindowTokens(), 1, Integer.MAX_VALUE);
    }
    if (options.maxQuestionTokens() != null) {
      requireBetween("max_question_len", options.maxQuestionTokens(), 1, Integer.MAX_VALUE);
    }
  }

  private static void requireBetween(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidInput(
          "`%s` must be from %d to %d. Given: %d".formatted(name, least, most, value));
    }
  }

  /* Of all candidates of all windows, as what is no answer in the end is one until then. */
  private static long answerBytes(List<QuestionWindow> windows, AnswerOptions options) {
    long bytes = 0;
    for (QuestionWindow window : windows) {
      long longest = window.longestAnswer(options.maxAnswerTokens(), options.alignsToWords());
      bytes +=
          options.candidates() * (BYTES_OF_AN_ANSWER + 2 * Character.BYTES * longest)
              + (long) window.encoding().tokens() * BYTES_PER_TOKEN;
    }
    return bytes;
  }

  /**
   * @param logits {@code [windows of all questions][tokens * 2]}
   */
  private static List<List<TextAnswer>> answers(
      List<Question> questions,
      List<List<QuestionWindow>> windows,
      AnswerOptions options,
      float[][] logits) {
    int[] firsts = new int[windows.size() + 1];
    Arrays.setAll(firsts, i -> i == 0 ? 0 : firsts[i - 1] + windows.get(i - 1).size());
    return TextWorkers.shared()
        .each(
            IntStream.range(0, questions.size()).boxed().toList(),
            i -> questions.get(i).context().length(),
            i ->
                new AnswerChoice(questions.get(i).context(), options)
                    .among(windows.get(i), Arrays.copyOfRange(logits, firsts[i], firsts[i + 1])));
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
