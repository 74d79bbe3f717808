package dev.diptych.generation;

import dev.diptych.DiptychException;
import java.util.List;

/** What a generation tells its caller; {@link Finished} or {@link Failed} is the last. */
public sealed interface GenerationEvent {

  /**
   * The prompt is computed. Comes before the first token, and only if the prompt's tokens were
   * asked for.
   *
   * @param prompt its tokens with their probabilities; the first has none
   * @param top for each of them the most probable ones at its place, if asked for
   */
  record Scored(List<GeneratedToken> prompt, List<List<GeneratedToken>> top)
      implements GenerationEvent {

    public Scored {
      prompt = List.copyOf(prompt);
      top = List.copyOf(top);
    }
  }

  /**
   * A token that is not the last one of its answer. Not told where more answers are drawn than
   * returned.
   *
   * @param answer counted from 0
   * @param index counted from 1
   * @param top the most probable tokens at its place, if asked for
   */
  record Token(int answer, int index, GeneratedToken token, List<GeneratedToken> top)
      implements GenerationEvent {

    public Token {
      top = List.copyOf(top);
    }
  }

  /**
   * An answer has ended. Not told where more answers are drawn than returned.
   *
   * @param answer counted from 0
   * @param completion its last token included, which no event has told
   */
  record Answered(int answer, Completion completion) implements GenerationEvent {}

  /**
   * All answers have ended.
   *
   * @param completions as many as were to be returned: by their index, or the most probable first
   *     where more were drawn
   * @param others what was drawn and is not to be returned, the most probable first
   * @param cachedPromptTokens how many of the prompt's tokens did not have to be computed
   */
  record Finished(
      List<Completion> completions,
      List<Completion> others,
      int cachedPromptTokens,
      GenerationTimings timings)
      implements GenerationEvent {

    public Finished {
      completions = List.copyOf(completions);
      others = List.copyOf(others);
    }

    /** The first answer. */
    public Completion completion() {
      return completions.getFirst();
    }
  }

  /** No more tokens will come. */
  record Failed(DiptychException reason) implements GenerationEvent {}
}
