package dev.diptych.generation;

import dev.diptych.DiptychException;
import java.util.List;

/** What a generation tells its caller; {@link Finished} or {@link Failed} is the last. */
public sealed interface GenerationEvent {

  /**
   * A token that is not the last one. Only generations of one answer have these.
   *
   * @param index counted from 1
   * @param top the most probable tokens at its place, if asked for
   */
  record Token(int index, GeneratedToken token, List<GeneratedToken> top)
      implements GenerationEvent {

    public Token {
      top = List.copyOf(top);
    }
  }

  /**
   * The last token was chosen.
   *
   * @param completion the answer, its last token included; of several the most probable one
   * @param others the other answers that were asked for
   */
  record Finished(Completion completion, List<Completion> others, GenerationTimings timings)
      implements GenerationEvent {

    public Finished {
      others = List.copyOf(others);
    }
  }

  /** No more tokens will come. */
  record Failed(DiptychException reason) implements GenerationEvent {}
}
