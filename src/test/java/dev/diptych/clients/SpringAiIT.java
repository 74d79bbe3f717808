package dev.diptych.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import dev.diptych.service.RunningDiptych;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spring AI's OpenAI models against the service with its default models. */
class SpringAiIT {

  private final String address =
      "http://127.0.0.1:%d/v1".formatted(RunningDiptych.withDefaults().port());

  /** What the tool takes. */
  record City(String name) {}

  @Test
  void chatsAndStreamsTheSameWords() {
    Prompt prompt =
        new Prompt(List.of(new SystemMessage("You are brief."), new UserMessage("Greet Anna.")));
    OpenAiChatModel model = model(options());

    ChatResponse whole = model.call(prompt);
    String streamed =
        Objects.requireNonNull(model.stream(prompt).collectList().block()).stream()
            .flatMap(response -> response.getResults().stream())
            .map(result -> result.getOutput().getText())
            .filter(Objects::nonNull)
            .collect(Collectors.joining());

    AssistantMessage answer = Objects.requireNonNull(whole.getResult()).getOutput();
    assertThat(answer.getText()).isNotBlank();
    assertThat(streamed).isEqualTo(answer.getText());
    assertThat(whole.getMetadata().getUsage().getPromptTokens()).isPositive();
    assertThat(whole.getMetadata().getUsage().getCompletionTokens()).isBetween(1, 64);
  }

  @Test
  void asksForTheToolThatItMustCall() {
    OpenAiChatModel model =
        model(
            options()
                .toolCallbacks(
                    FunctionToolCallback.builder("weather", (City city) -> "sunny")
                        .description("The weather of a city")
                        .inputType(City.class)
                        .build())
                .toolChoice(
                    ChatCompletionToolChoiceOption.ofAuto(
                        ChatCompletionToolChoiceOption.Auto.REQUIRED)));

    AssistantMessage answer =
        Objects.requireNonNull(model.call(new Prompt("What is the weather in Rome?")).getResult())
            .getOutput();

    AssistantMessage.ToolCall call = answer.getToolCalls().getFirst();
    assertThat(call.name()).isEqualTo("weather");
    assertThat(JsonMapper.shared().readTree(call.arguments()).get("name").isString()).isTrue();
  }

  @Test
  void answersInTheShapeOfASchema() {
    OpenAiChatModel model =
        model(
            options()
                .outputSchema(
                    """
                    {"type": "object",
                     "properties": {"name": {"enum": ["Anna", "Ben"]}, "age": {"type": "integer", "maximum": 99}},
                     "required": ["name", "age"],
                     "additionalProperties": false}
                    """));

    ChatResponse answer = model.call(new Prompt("Anna is 30 years old."));

    JsonNode person =
        JsonMapper.shared()
            .readTree(Objects.requireNonNull(answer.getResult()).getOutput().getText());
    assertThat(person.get("name").stringValue()).isIn("Anna", "Ben");
    assertThat(person.get("age").intValue()).isLessThan(100);
  }

  @Test
  void embeds() {
    OpenAiEmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .options(
                OpenAiEmbeddingOptions.builder()
                    .baseUrl(address)
                    .apiKey("none is asked for")
                    .model("all-minilm-l6-v2")
                    .build())
            .build();

    assertThat(model.embed(List.of("a cat", "a dog"))).hasSize(2).allMatch(it -> it.length == 384);
  }

  private OpenAiChatOptions.Builder options() {
    return OpenAiChatOptions.builder()
        .baseUrl(address)
        .apiKey("none is asked for")
        .model("smollm2-135m-instruct")
        .temperature(0.0)
        .maxCompletionTokens(64)
        .maxRetries(0);
  }

  private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
    return OpenAiChatModel.builder().options(options.build()).build();
  }
}
