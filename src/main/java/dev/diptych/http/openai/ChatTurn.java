package dev.diptych.http.openai;

import dev.diptych.chat.Chat;
import dev.diptych.chat.ChatPrompt;
import dev.diptych.chat.Conversation;
import dev.diptych.chat.Tool;
import dev.diptych.generation.Choices;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.Report;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.ModelFacts;
import dev.diptych.sampling.constraint.Constraint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat asks of the decoder, and how its answer is read.
 *
 * @param tools those that the model knows of
 */
record ChatTurn(
    Chat chat,
    ChatPrompt prompt,
    List<Tool> tools,
    GenerationRequest request,
    TokenSpelling spelling) {

  /**
   * That of a request.
   *
   * @param longest answer of one that does not say
   */
  static ChatTurn of(ChatRequest request, TextGenerator generator, int longest) {
    List<Tool> offered = ToolDefinition.all(request.tools());
    ToolChoice choice = ToolChoice.of(request.toolChoice(), offered);
    List<Tool> tools = choice instanceof ToolChoice.None ? List.of() : offered;
    Conversation conversation =
        new Conversation(
            ChatRequestMessage.all(request.messages()),
            tools,
            request.wantsGenerationPrompt(),
            request.wantsToContinue(),
            templateArguments(request));
    Chat chat = generator.chat();
    Constraint format = OutputShape.of(request.responseFormat(), request.others());
    boolean isForced = choice instanceof ToolChoice.Forced;
    ChatPrompt prompt = isForced ? chat.promptForCalls(conversation) : chat.prompt(conversation);
    Constraint shape =
        switch (choice) {
          case ToolChoice.Forced(List<Tool> callable, boolean isNamed) ->
              OutputShape.of(chat.callShape(callable, isNamed ? 1 : request.mostCalls()));
          case ToolChoice.Auto _ when format != null ->
              OutputShape.either(
                  format,
                  chat.promptForCalls(conversation).begun(),
                  OutputShape.of(chat.callShape(tools, request.mostCalls())));
          default -> format;
        };
    return new ChatTurn(
        chat,
        prompt,
        tools,
        new GenerationRequest(
            new Prompt.Tokens(prompt.ids()),
            longest(request, prompt, generator.facts(), longest),
            null,
            request.sampling().parameters(generator.defaults().sampling()),
            request.ending(),
            new Choices(request.answers(), request.answers()),
            request.wantsLogprobs()
                ? new Report(request.topLogprobs() == null ? 0 : request.topLogprobs(), false, true)
                : Report.OF_THE_ANSWER,
            shape != null && prompt.opensReasoning() ? OutputShape.afterThought(shape) : shape),
        TokenSpelling.of(generator));
  }

  /** A reader of one of its answers. */
  AnswerReader reader() {
    return new AnswerReader(chat.answer(prompt, tools));
  }

  private static Map<String, Object> templateArguments(ChatRequest request) {
    Map<String, Object> arguments = new HashMap<>();
    if (request.reasoningEffort() != null) {
      arguments.put("reasoning_effort", request.reasoningEffort());
    }
    if (request.chatTemplateKwargs() != null) {
      request
          .chatTemplateKwargs()
          .forEach(
              (name, value) -> {
                if (value != null) {
                  arguments.put(name, value);
                }
              });
    }
    return arguments;
  }

  /* What is too long for the context is refused by the engine, which knows its bounds. */
  private static @Nullable Integer longest(
      ChatRequest request, ChatPrompt prompt, ModelFacts facts, int otherwise) {
    Integer asked = request.longest();
    Integer total = facts.maxTotalTokens();
    if (asked != null || total == null || prompt.ids().length >= total) {
      return asked;
    }
    return Math.min(otherwise, total - prompt.ids().length);
  }
}
