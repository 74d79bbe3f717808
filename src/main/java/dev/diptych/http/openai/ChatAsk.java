package dev.diptych.http.openai;

import dev.diptych.chat.Message;
import dev.diptych.chat.Tool;
import dev.diptych.generation.Ending;
import dev.diptych.sampling.constraint.Constraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation and what is asked of its answer, whichever endpoint it came to.
 *
 * @param offered tools that may be called, unless the choice says otherwise
 * @param mostCalls how many calls an answer may have that must have one
 * @param longest tokens of the answer; null leaves it to the service
 * @param topLogprobs how many tokens to tell at each place; null tells none
 * @param format the shape of an answer that calls nothing; null leaves it to the model
 */
record ChatAsk(
    List<Message> messages,
    List<Tool> offered,
    ToolChoice choice,
    int mostCalls,
    boolean addGenerationPrompt,
    boolean continueFinalMessage,
    Map<String, Object> templateArguments,
    @Nullable Integer longest,
    SamplingFields sampling,
    Ending ending,
    int answers,
    @Nullable Integer topLogprobs,
    @Nullable Constraint format) {

  /** How many calls an answer may have unless a request wants one at a time. */
  static final int MOST_CALLS = 8;

  /** Those that the model gets to know of. */
  List<Tool> tools() {
    return choice instanceof ToolChoice.None ? List.of() : offered;
  }
}
