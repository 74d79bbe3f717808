package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class CompletionsTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final LineTokenizer TOKENIZER = new LineTokenizer();

  @LocalServerPort private int port;
  @Autowired private Served<TextGenerator> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void continuesAText() throws Exception {
    JsonNode body = complete("{\"prompt\":\"Hello\",\"max_tokens\":6,\"temperature\":0}");

    assertThat(body.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices", "usage");
    assertThat(body.get("id").stringValue()).matches("cmpl-[0-9a-f]{32}");
    assertThat(body.get("object").stringValue()).isEqualTo("text_completion");
    assertThat(body.at("/choices/0").propertyNames())
        .containsExactly("index", "text", "logprobs", "finish_reason");
    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo(greedy("Hello", 6));
    assertThat(body.at("/choices/0/logprobs").isNull()).isTrue();
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(5);
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(11);
  }

  @Test
  void aTextHasSixteenTokensUnlessSomethingElseIsSaid() throws Exception {
    JsonNode body = complete("{\"prompt\":\"Hello\",\"temperature\":0,\"ignore_eos\":false}");

    assertThat(body.at("/choices/0/text").stringValue())
        .isEqualTo(greedy("Hello", 16).replaceFirst("<end>.*", ""));
  }

  @Test
  void continuesSeveralPromptsOfTextAndTokens() throws Exception {
    String request = "{\"prompt\":[\"Hello\",%s],\"max_tokens\":4,\"temperature\":0,\"stream\":%s}";
    String ids = JSON.writeValueAsString(TOKENIZER.encode("World", true));

    JsonNode body = complete(request.formatted(ids, false));
    List<JsonNode> events =
        EventLines.of(http.post("/v1/completions", request.formatted(ids, true)).body());

    assertThat(body.get("choices")).hasSize(2);
    for (int i = 0; i < 2; i++) {
      int index = i;
      String expected = greedy(i == 0 ? "Hello" : "World", 4);
      assertThat(body.get("choices").get(i).get("index").intValue()).isEqualTo(i);
      assertThat(body.get("choices").get(i).get("text").stringValue()).isEqualTo(expected);
      List<JsonNode> ofOne =
          events.stream()
              .filter(event -> event.at("/choices/0/index").intValue() == index)
              .toList();
      assertThat(EventLines.text(ofOne, "/choices/0/text")).isEqualTo(expected);
      assertThat(ofOne.getLast().at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    }
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(10);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(8);
  }

  @Test
  void theEventsOfAStreamAreTheAnswerInParts() throws Exception {
    HttpResponse<String> response =
        http.post(
            "/v1/completions",
            "{\"prompt\":\"Parts\",\"max_tokens\":3,\"temperature\":0,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true}}");

    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<JsonNode> events = EventLines.of(response.body());
    String head =
        "{\"id\":\"%s\",\"object\":\"text_completion\",\"created\":%d,\"model\":\"org/letters@main\",\"choices\":["
            .formatted(
                events.getFirst().get("id").stringValue(),
                events.getFirst().get("created").longValue());
    String text = greedy("Parts", 3);
    String choice =
        "{\"index\":0,\"text\":%s,\"logprobs\":null,\"finish_reason\":%s}],\"usage\":null}";
    assertThat(response.body())
        .isEqualTo(
            ("data: " + head + choice + "\n\n")
                    .formatted(JSON.writeValueAsString(text.substring(0, 1)), null)
                + ("data: " + head + choice + "\n\n")
                    .formatted(JSON.writeValueAsString(text.substring(1, 2)), null)
                + ("data: " + head + choice + "\n\n")
                    .formatted(JSON.writeValueAsString(text.substring(2)), "\"length\"")
                + "data: "
                + head
                + "],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":"
                + events.getLast().at("/usage/prompt_tokens_details/cached_tokens").intValue()
                + "}}}\n\ndata: [DONE]\n\n");
  }

  @Test
  void echoesThePrompt() throws Exception {
    String request =
        "{\"prompt\":\"Echo\",\"echo\":true,\"max_tokens\":3,\"temperature\":0,\"stream\":%s}";

    String whole = complete(request.formatted(false)).at("/choices/0/text").stringValue();
    List<JsonNode> events =
        EventLines.of(http.post("/v1/completions", request.formatted(true)).body());

    assertThat(whole).isEqualTo("Echo" + greedy("Echo", 3));
    assertThat(EventLines.text(events, "/choices/0/text")).isEqualTo(whole);
  }

  @Test
  void scoresAText() throws Exception {
    String request =
        "{\"prompt\":%s,\"echo\":true,\"max_tokens\":%d,\"logprobs\":2,\"temperature\":0,\"stream\":%s}";
    String ids = JSON.writeValueAsString(TOKENIZER.encode("Score", true));

    JsonNode choice = complete(request.formatted("\"Score\"", 0, false)).at("/choices/0");

    assertThat(choice.get("text").stringValue()).isEqualTo("Score");
    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("length");
    JsonNode logprobs = choice.get("logprobs");
    assertThat(logprobs.propertyNames())
        .containsExactly("text_offset", "token_logprobs", "tokens", "top_logprobs");
    assertThat(logprobs.get("tokens").toString()).isEqualTo("[\"S\",\"c\",\"o\",\"r\",\"e\"]");
    assertThat(logprobs.get("text_offset").toString()).isEqualTo("[0,1,2,3,4]");
    assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
    for (int i = 1; i < 5; i++) {
      JsonNode best = logprobs.get("top_logprobs").get(i);
      assertThat(best.get(logprobs.get("tokens").get(i).stringValue()))
          .isEqualTo(logprobs.get("token_logprobs").get(i));
      assertThat(best.size()).isBetween(2, 3);
    }
    assertThat(complete(request.formatted(ids, 0, false)).at("/choices/0")).isEqualTo(choice);
    JsonNode with = complete(request.formatted(ids, 2, false)).at("/choices/0");
    List<JsonNode> events =
        EventLines.of(http.post("/v1/completions", request.formatted(ids, 2, true)).body());
    assertThat(with.at("/logprobs/tokens")).hasSize(7);
    assertThat(EventLines.text(events, "/choices/0/text"))
        .isEqualTo(with.get("text").stringValue());
    for (String list : List.of("tokens", "text_offset", "token_logprobs", "top_logprobs")) {
      List<JsonNode> told = new ArrayList<>();
      events.forEach(event -> event.at("/choices/0/logprobs/" + list).forEach(told::add));
      assertThat(told).containsExactlyElementsOf(with.at("/logprobs/" + list).values());
    }
  }

  @Test
  void ofSeveralTextsTheMostProbableIsReturned() throws Exception {
    JsonNode body =
        complete(
            "{\"prompt\":\"Best\",\"max_tokens\":4,\"best_of\":3,\"n\":1,\"seed\":5,\"ignore_eos\":true}");

    assertThat(body.get("choices")).hasSize(1);
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '"',
      textBlock =
          """
          'a':1                                       | prompt      | missing_required_parameter | missing field `prompt`
          'prompt':''                                 | prompt      | invalid_value              | `prompt` cannot be empty
          'prompt':[]                                 | prompt      | invalid_value              | `prompt` cannot be empty
          'prompt':[[]]                               | prompt      | invalid_value              | `prompt` cannot be empty
          'prompt':['a',5]                            | prompt      | invalid_type               | must be a string, a list of token ids
          'prompt':[1,96]                             | prompt      | invalid_value              | contains the token 96, the model knows 0 to 95
          'prompt':'a','suffix':'b'                   | suffix      | unsupported_parameter      | `suffix` is not supported
          'prompt':'a','max_tokens':0                 | max_tokens  | invalid_value              | `max_tokens` must be >= 1, or 0 with `echo`. Given: 0
          'prompt':'a','max_tokens':-1,'echo':true    | max_tokens  | invalid_value              | `max_tokens` must be >= 0. Given: -1
          'prompt':'a','max_tokens':2000              | prompt      | context_length_exceeded    | `prompt` tokens + `max_tokens` must be <= 2000
          'prompt':'a','n':2,'best_of':1              | best_of     | invalid_value              | `best_of` must be >= `n`. Given: 1 and 2
          'prompt':'a','n':1,'best_of':2,'stream':true | best_of    | invalid_value              | `best_of` > `n` is not supported when streaming
          'prompt':'a','best_of':9                    | best_of     | invalid_value              | `best_of` must be > 0 and <= 8
          'prompt':'a','logprobs':21                  | logprobs    | invalid_value              | `logprobs` must be >= 0 and <= 20
          'prompt':'a','logprobs':true                | logprobs    | invalid_type               | `logprobs` must be an integer
          'prompt':'a','stream_options':{}            | stream_options | invalid_value           | needs `stream` to be true
          'prompt':'a','use_beam_search':true         | use_beam_search | unsupported_parameter  | `use_beam_search` is not supported
          """)
  void refusesByName(String fields, @Nullable String param, String code, String message)
      throws Exception {
    HttpResponse<String> response =
        http.post("/v1/completions", "{" + fields.replace('\'', '"') + "}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("message").stringValue()).contains(message);
    assertThat(error.get("param").asString(null)).isEqualTo(param);
    assertThat(error.get("code").stringValue()).isEqualTo(code);
    assertThat(served.engine().activeGenerations()).isZero();
  }

  @Test
  void refusesMorePromptsThanARequestMayHave() throws Exception {
    HttpResponse<String> response =
        http.post("/v1/completions", "{\"prompt\":[\"a\"" + ",\"a\"".repeat(64) + "]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("`prompt` must be at most 64 texts. Given: 65");
  }

  private JsonNode complete(String request) throws Exception {
    HttpResponse<String> response = http.post("/v1/completions", request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String greedy(String prompt, int tokens) {
    return TOKENIZER.decode(
        FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), tokens), false);
  }
}
