package dev.diptych.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.service.RunningDiptych;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** LangChain4j's OpenAI models against the service with its default models. */
class LangChain4jIT {

  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("The weather of a city")
          .parameters(
              JsonObjectSchema.builder()
                  .addEnumProperty("city", List.of("Paris", "Rome"))
                  .required("city")
                  .additionalProperties(false)
                  .build())
          .build();

  private final String address =
      "http://127.0.0.1:%d/v1".formatted(RunningDiptych.withDefaults().port());

  @Test
  void chatsAndStreamsTheSameWords() throws Exception {
    ChatRequest request =
        ChatRequest.builder()
            .messages(SystemMessage.from("You are brief."), UserMessage.from("Greet Anna."))
            .build();
    ChatResponse whole = model().chat(request);
    StringBuilder pieces = new StringBuilder();
    CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(address)
        .apiKey("none is asked for")
        .modelName("smollm2-135m-instruct")
        .temperature(0.0)
        .maxCompletionTokens(24)
        .build()
        .chat(
            request,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                pieces.append(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                complete.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                complete.completeExceptionally(error);
              }
            });
    ChatResponse streamed = complete.get(60, TimeUnit.SECONDS);

    assertThat(whole.aiMessage().text()).isNotBlank();
    assertThat(pieces).hasToString(whole.aiMessage().text());
    assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
    assertThat(streamed.finishReason()).isEqualTo(whole.finishReason());
    assertThat(streamed.tokenUsage().outputTokenCount())
        .isEqualTo(whole.tokenUsage().outputTokenCount());
  }

  @Test
  void callsAToolAndTakesItsResult() {
    UserMessage question = UserMessage.from("What is the weather in Rome?");
    AiMessage call =
        model()
            .chat(
                ChatRequest.builder()
                    .messages(question)
                    .toolSpecifications(WEATHER)
                    .toolChoice(ToolChoice.REQUIRED)
                    .build())
            .aiMessage();
    ToolExecutionRequest request = call.toolExecutionRequests().getFirst();
    AiMessage answer =
        model()
            .chat(
                ChatRequest.builder()
                    .messages(question, call, ToolExecutionResultMessage.from(request, "sunny"))
                    .build())
            .aiMessage();

    assertThat(request.name()).isEqualTo("weather");
    assertThat(JsonMapper.shared().readTree(request.arguments()).get("city").stringValue())
        .isIn("Paris", "Rome");
    assertThat(answer.text()).isNotBlank();
  }

  @Test
  void answersInTheShapeOfASchema() {
    ResponseFormat format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(
                JsonSchema.builder()
                    .name("person")
                    .rootElement(
                        JsonObjectSchema.builder()
                            .addEnumProperty("name", List.of("Anna", "Ben"))
                            .addBooleanProperty("adult")
                            .required("name", "adult")
                            .additionalProperties(false)
                            .build())
                    .build())
            .build();

    ChatResponse response =
        OpenAiChatModel.builder()
            .baseUrl(address)
            .apiKey("none is asked for")
            .modelName("smollm2-135m-instruct")
            .strictJsonSchema(true)
            .maxCompletionTokens(60)
            .build()
            .chat(
                ChatRequest.builder()
                    .messages(UserMessage.from("Anna is 30 years old."))
                    .responseFormat(format)
                    .build());

    JsonNode person = JsonMapper.shared().readTree(response.aiMessage().text());
    assertThat(person.get("name").stringValue()).isIn("Anna", "Ben");
    assertThat(person.get("adult").isBoolean()).isTrue();
  }

  @Test
  void embeds() {
    var vectors =
        OpenAiEmbeddingModel.builder()
            .baseUrl(address)
            .apiKey("none is asked for")
            .modelName("all-minilm-l6-v2")
            .build()
            .embedAll(List.of(TextSegment.from("a cat"), TextSegment.from("a dog")))
            .content();

    assertThat(vectors).hasSize(2);
    assertThat(vectors.getFirst().dimension()).isEqualTo(384);
  }

  private OpenAiChatModel model() {
    return OpenAiChatModel.builder()
        .baseUrl(address)
        .apiKey("none is asked for")
        .modelName("smollm2-135m-instruct")
        .temperature(0.0)
        .maxCompletionTokens(24)
        .build();
  }
}
