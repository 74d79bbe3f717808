package dev.diptych.http.openai;

import dev.diptych.DiptychSettings;
import dev.diptych.chat.Chat;
import dev.diptych.chat.ChatPrompt;
import dev.diptych.chat.Conversation;
import dev.diptych.chat.Reading;
import dev.diptych.chat.Tool;
import dev.diptych.generation.Choices;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.Report;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.ModelFacts;
import dev.diptych.sampling.constraint.Constraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation asks of the decoder, and how its answer is read.
 *
 * @param tools those that the model knows of
 * @param isOfCallsOnly whether its answer has calls and nothing else
 */
record ChatTurn(
    Chat chat,
    ChatPrompt prompt,
    List<Tool> tools,
    Reading reading,
    boolean isOfCallsOnly,
    GenerationRequest request,
    TokenSpelling spelling) {

  static ChatTurn of(ChatAsk ask, TextGenerator generator, DiptychSettings.Generation settings) {
    Conversation conversation =
        new Conversation(
            ask.messages(),
            ask.tools(),
            ask.addGenerationPrompt(),
            ask.continueFinalMessage(),
            ask.templateArguments());
    Chat chat = generator.chat();
    boolean isForced = ask.choice() instanceof ToolChoice.Forced;
    ChatPrompt prompt = isForced ? chat.promptForCalls(conversation) : chat.prompt(conversation);
    Constraint shape = shape(ask, chat);
    GenerationRequest request =
        new GenerationRequest(
            new Prompt.Tokens(prompt.ids()),
            longest(ask, prompt, generator.facts(), settings.defaultMaxChatTokens()),
            null,
            ask.sampling().parameters(generator.defaults().sampling()),
            ask.ending(),
            new Choices(ask.answers(), ask.answers()),
            ask.topLogprobs() == null
                ? Report.OF_THE_ANSWER
                : new Report(ask.topLogprobs(), false, true),
            shape != null && prompt.opensReasoning()
                ? OutputShape.afterThought(chat.endOfThought(), shape)
                : shape);
    return new ChatTurn(
        chat,
        prompt,
        ask.tools(),
        new Reading(settings.reasoningContent(), isForced),
        isForced,
        request,
        TokenSpelling.of(generator));
  }

  /** A reader of one of its answers. */
  AnswerReader reader() {
    return new AnswerReader(chat.answer(prompt, tools, reading), isOfCallsOnly);
  }

  private static @Nullable Constraint shape(ChatAsk ask, Chat chat) {
    Constraint format = ask.format();
    return switch (ask.choice()) {
      case ToolChoice.Forced(List<Tool> callable, boolean isNamed) ->
          OutputShape.of(chat.callShape(callable, isNamed ? 1 : ask.mostCalls()));
      case ToolChoice.Auto _ when format != null ->
          OutputShape.either(format, chat.callShape(ask.tools(), ask.mostCalls()));
      default -> format;
    };
  }

  /* What is too long for the context is refused by the engine, which knows its bounds. */
  private static @Nullable Integer longest(
      ChatAsk ask, ChatPrompt prompt, ModelFacts facts, int otherwise) {
    Integer total = facts.maxTotalTokens();
    if (ask.longest() != null || total == null || prompt.ids().length >= total) {
      return ask.longest();
    }
    return Math.min(otherwise, total - prompt.ids().length);
  }
}
