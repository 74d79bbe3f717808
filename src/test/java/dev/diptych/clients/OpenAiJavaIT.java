package dev.diptych.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.diptych.service.RunningDiptych;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's client for Java against the service with its default models. */
class OpenAiJavaIT {

  private static final String DECODER = "smollm2-135m-instruct";
  private static final String EMBEDDER = "all-minilm-l6-v2";

  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:%d/v1".formatted(RunningDiptych.withDefaults().port()))
            .apiKey("none is asked for")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @Test
  void listsTheModels() {
    assertThat(client.models().list().items()).extracting(Model::id).contains(DECODER, EMBEDDER);
    assertThat(client.models().retrieve(EMBEDDER).id()).isEqualTo(EMBEDDER);
    assertThatThrownBy(() -> client.models().retrieve("none"))
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e.code()).contains("model_not_found"));
  }

  @Test
  void chats() {
    ChatCompletion answer = client.chat().completions().create(greeting().build());

    ChatCompletion.Choice choice = answer.choices().getFirst();
    assertThat(answer.model()).isEqualTo(DECODER);
    assertThat(choice.message().content()).hasValueSatisfying(it -> assertThat(it).isNotBlank());
    assertThat(choice.finishReason())
        .isIn(ChatCompletion.Choice.FinishReason.STOP, ChatCompletion.Choice.FinishReason.LENGTH);
    assertThat(answer.usage())
        .hasValueSatisfying(
            usage -> {
              assertThat(usage.promptTokens()).isPositive();
              assertThat(usage.completionTokens()).isBetween(1L, 24L);
              assertThat(usage.totalTokens())
                  .isEqualTo(usage.promptTokens() + usage.completionTokens());
            });
  }

  @Test
  void streamsTheSameWordsAndTellsTheUsage() {
    String whole =
        client
            .chat()
            .completions()
            .create(greeting().build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    List<ChatCompletionChunk> chunks;
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                greeting()
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      chunks = stream.stream().toList();
    }

    assertThat(
            chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining()))
        .isEqualTo(whole);
    assertThat(chunks).extracting(ChatCompletionChunk::id).containsOnly(chunks.getFirst().id());
    assertThat(chunks.getLast().choices()).isEmpty();
    assertThat(chunks.getLast().usage()).isPresent();
  }

  @Test
  void callsTheFunctionThatItMust() {
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(DECODER)
                    .addUserMessage("What is the weather in Paris?")
                    .addFunctionTool(
                        FunctionDefinition.builder()
                            .name("weather")
                            .description("The weather of a city")
                            .parameters(
                                FunctionParameters.builder()
                                    .putAdditionalProperty("type", JsonValue.from("object"))
                                    .putAdditionalProperty(
                                        "properties",
                                        JsonValue.from(
                                            Map.of(
                                                "city",
                                                Map.of("type", "string", "maxLength", 20),
                                                "days",
                                                Map.of(
                                                    "type", "integer", "minimum", 1, "maximum",
                                                    7))))
                                    .putAdditionalProperty(
                                        "required", JsonValue.from(List.of("city", "days")))
                                    .putAdditionalProperty(
                                        "additionalProperties", JsonValue.from(false))
                                    .build())
                            .build())
                    .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                    .maxCompletionTokens(100)
                    .build());

    ChatCompletion.Choice choice = answer.choices().getFirst();
    ChatCompletionMessageFunctionToolCall call =
        choice.message().toolCalls().orElseThrow().getFirst().asFunction();
    JsonNode arguments = JsonMapper.shared().readTree(call.function().arguments());
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    assertThat(call.function().name()).isEqualTo("weather");
    assertThat(call.id()).isNotBlank();
    assertThat(arguments.get("city").isString()).isTrue();
    assertThat(arguments.get("days").intValue()).isBetween(1, 7);
  }

  @Test
  void answersInTheShapeOfASchema() {
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(DECODER)
                    .addUserMessage("Name a capital of Europe and its country.")
                    .responseFormat(
                        ResponseFormatJsonSchema.builder()
                            .jsonSchema(
                                ResponseFormatJsonSchema.JsonSchema.builder()
                                    .name("capital")
                                    .strict(true)
                                    .schema(
                                        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                                            .putAdditionalProperty("type", JsonValue.from("object"))
                                            .putAdditionalProperty(
                                                "properties",
                                                JsonValue.from(
                                                    Map.of(
                                                        "country",
                                                        Map.of("enum", List.of("France", "Italy")),
                                                        "large",
                                                        Map.of("type", "boolean"))))
                                            .putAdditionalProperty(
                                                "required",
                                                JsonValue.from(List.of("country", "large")))
                                            .putAdditionalProperty(
                                                "additionalProperties", JsonValue.from(false))
                                            .build())
                                    .build())
                            .build())
                    .maxCompletionTokens(60)
                    .build());

    JsonNode object =
        JsonMapper.shared().readTree(answer.choices().getFirst().message().content().orElseThrow());
    assertThat(object.get("country").stringValue()).isIn("France", "Italy");
    assertThat(object.get("large").isBoolean()).isTrue();
    assertThat(object.size()).isEqualTo(2);
  }

  @Test
  void completesAPrompt() {
    Completion answer =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model(DECODER)
                    .prompt("The capital of France is")
                    .maxTokens(4)
                    .temperature(0)
                    .logprobs(2)
                    .build());

    assertThat(answer.choices().getFirst().text()).startsWith(" Paris");
    assertThat(answer.choices().getFirst().logprobs().orElseThrow().tokenLogprobs().orElseThrow())
        .hasSize(4);
  }

  @Test
  void respondsWholeAndAsEvents() {
    ResponseCreateParams question =
        ResponseCreateParams.builder()
            .model(DECODER)
            .instructions("Answer in one sentence.")
            .input("What is a cat?")
            .temperature(0)
            .maxOutputTokens(24)
            .build();
    Response whole = client.responses().create(question);
    List<ResponseStreamEvent> events;
    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(question)) {
      events = stream.stream().toList();
    }

    String text = whole.output().getFirst().asMessage().content().getFirst().asOutputText().text();
    assertThat(text).isNotBlank();
    assertThat(
            events.stream()
                .filter(ResponseStreamEvent::isOutputTextDelta)
                .map(event -> event.asOutputTextDelta().delta())
                .collect(Collectors.joining()))
        .isEqualTo(text);
    assertThat(events.getFirst().isCreated()).isTrue();
    assertThat(events.getLast().isCompleted() || events.getLast().isIncomplete()).isTrue();
  }

  @Test
  void embeds() {
    var answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model(EMBEDDER)
                    .inputOfArrayOfStrings(List.of("a cat", "a dog"))
                    .build());

    assertThat(answer.data()).hasSize(2);
    assertThat(answer.data().getFirst().embedding()).hasSize(384);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> client.chat().completions().create(greeting().temperature(-1).build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("temperature"));
    assertThatThrownBy(() -> client.chat().completions().create(greeting().model(EMBEDDER).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(EMBEDDER);
  }

  private static ChatCompletionCreateParams.Builder greeting() {
    return ChatCompletionCreateParams.builder()
        .model(DECODER)
        .addSystemMessage("You are brief.")
        .addUserMessage("Say hello to Anna.")
        .temperature(0)
        .maxCompletionTokens(24);
  }
}
