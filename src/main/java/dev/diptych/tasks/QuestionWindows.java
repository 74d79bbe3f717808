package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.tokenization.TextWorkers;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizer.Encoding;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns questions and their contexts into the windows that a model sees. */
final class QuestionWindows {

  private static final int USUAL_WINDOW_TOKENS = 384;
  private static final int USUAL_STRIDE = 128;

  private final Tokenizer tokenizer;
  private final EncoderLimits limits;
  private final int specialTokens;

  QuestionWindows(Tokenizer tokenizer, EncoderLimits limits) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.specialTokens = tokenizer.encodePair("a", "a", true).tokensOf(-1);
  }

  /**
   * The windows of each question.
   *
   * @throws InvalidInput for the first one that is empty or too long, or if there are too many
   *     windows
   */
  List<List<QuestionWindow>> of(List<Question> questions, AnswerOptions options) {
    int tokens = windowTokens(options.maxWindowTokens());
    checkStride(options.stride(), tokens);
    List<List<QuestionWindow>> windows =
        TextWorkers.shared()
            .each(questions, Question::characters, question -> attempt(question, options, tokens))
            .stream()
            .map(Supplier::get)
            .toList();
    requireFew(windows.stream().mapToLong(List::size).sum(), "");
    return windows;
  }

  private int windowTokens(@Nullable Integer asked) {
    int most = limits.maxInputTokens();
    if (asked == null) {
      return Math.min(Math.min(most, tokenizer.usualMaxTokens().orElse(most)), USUAL_WINDOW_TOKENS);
    }
    if (asked > most) {
      throw new InvalidInput(
          "`max_seq_len` must be at most %d, the most tokens that the model takes. Given: %d"
              .formatted(most, asked));
    }
    return asked;
  }

  private static void checkStride(@Nullable Integer stride, int windowTokens) {
    if (stride != null && stride > windowTokens) {
      throw new InvalidInput(
          "`doc_stride` must be at most %d, the tokens of a window (`max_seq_len`). Given: %d"
              .formatted(windowTokens, stride));
    }
  }

  /**
   * The stride of a context that does not fit.
   *
   * @param room tokens of it in a window
   */
  private static int stride(@Nullable Integer asked, int windowTokens, int room) {
    if (asked == null) {
      int usual = Math.min(windowTokens / 2, USUAL_STRIDE);
      return usual < room ? usual : room / 2;
    }
    if (asked >= room) {
      throw new InvalidInput(
          "`doc_stride` must be less than %d, the tokens of the context in a window beside the"
                  .formatted(room)
              + " question. Given: %d".formatted(asked));
    }
    return asked;
  }

  private static void requireFew(long windows, String atLeast) {
    if (windows > QuestionAnswerer.MAX_WINDOWS) {
      throw new InvalidInput(
          "the contexts must have at most %d windows in all. Given: %s%d"
              .formatted(QuestionAnswerer.MAX_WINDOWS, atLeast, windows));
    }
  }

  /* A failure is thrown by the one that asks for the result. */
  private Supplier<List<QuestionWindow>> attempt(
      Question question, AnswerOptions options, int windowTokens) {
    try {
      List<QuestionWindow> windows = windows(question, options, windowTokens);
      return () -> windows;
    } catch (InvalidInput e) {
      return () -> {
        throw e;
      };
    }
  }

  private List<QuestionWindow> windows(Question question, AnswerOptions options, int windowTokens) {
    checkText("question", question.question());
    checkText("context", question.context());
    String asked = question.question();
    Integer maxQuestionTokens = options.maxQuestionTokens();
    if (maxQuestionTokens == null) {
      requireRoom(tokenizer.fewestTokens(asked), "at least ", windowTokens);
    } else {
      asked = tokenizer.beginning(asked, maxQuestionTokens);
    }
    requireFew(
        Window.count(tokenizer.fewestTokens(question.context()), windowTokens, 0), "at least ");
    Encoding all = tokenizer.encodePair(asked, question.context(), true);
    if (maxQuestionTokens != null) {
      all = all.part(0, 0, maxQuestionTokens);
    }
    int room = requireRoom(all.tokensOf(0), "", windowTokens);
    int tokens = all.tokensOf(1);
    int stride = tokens > room ? stride(options.stride(), windowTokens, room) : 0;
    requireFew(Window.count(tokens, room, stride), "");
    Encoding whole = all;
    return Window.of(tokens, room, stride).stream()
        .map(window -> whole.part(1, window.from(), window.to()))
        .map(window -> new QuestionWindow(window, tokenizer.clsId()))
        .toList();
  }

  private void checkText(String name, String text) {
    if (text.isEmpty()) {
      throw new InvalidInput(
          InvalidInput.Kind.EMPTY, "`inputs.%s` cannot be empty".formatted(name));
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > limits.maxCharacters()) {
      throw new InvalidInput(
          "`inputs.%s` must have at most %d characters. Given: %d"
              .formatted(name, limits.maxCharacters(), characters));
    }
  }

  /** What a question leaves of a window. */
  private int requireRoom(int questionTokens, String atLeast, int windowTokens) {
    int room = windowTokens - specialTokens - questionTokens;
    if (room < 1) {
      throw new InvalidInput(
          "a window of %d tokens (`max_seq_len`) has %d for the question and at least one for the"
                  .formatted(windowTokens, Math.max(0, windowTokens - specialTokens - 1))
              + " context; `max_question_len` cuts the question. Given: %s%d tokens"
                  .formatted(atLeast, questionTokens));
    }
    return room;
  }
}
