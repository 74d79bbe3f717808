package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class ChatTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final LineTokenizer TOKENIZER = new LineTokenizer();

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Served<TextGenerator> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @AfterEach
  void runFreely() {
    decoder.failOn(token -> false);
    decoder.release();
  }

  @Test
  void answersAConversationAsTheTemplateWritesIt() throws Exception {
    HttpResponse<String> response =
        chat(
            """
            {"messages":[{"role":"system","content":"Be kind."},
             {"role":"user","content":[{"type":"text","text":"Hi"}]}],
             "model":"org/letters","max_tokens":8,"temperature":0,
             "user":"u","metadata":{},"service_tier":"auto","store":false,"logit_bias":{},
             "parallel_tool_calls":true,"made_up":[1]}
            """);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices", "usage");
    assertThat(body.get("id").stringValue()).matches("chatcmpl-[0-9a-f]{32}");
    assertThat(body.get("object").stringValue()).isEqualTo("chat.completion");
    assertThat(body.get("model").stringValue()).isEqualTo("org/letters@main");
    JsonNode choice = body.at("/choices/0");
    assertThat(choice.propertyNames())
        .containsExactly("index", "message", "logprobs", "finish_reason");
    assertThat(choice.get("logprobs").isNull()).isTrue();
    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(choice.get("message").propertyNames()).containsExactly("role", "content", "refusal");
    assertThat(choice.at("/message/content").stringValue())
        .isEqualTo(greedy(OpenAiTestApplication.rendered("system", "Be kind.", "user", "Hi"), 8));
    assertThat(body.at("/usage/prompt_tokens").intValue())
        .isEqualTo("[system]Be kind.[user]Hi[assistant]".length());
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(8);
    assertThat(body.get("usage").propertyNames())
        .containsExactly(
            "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details");
    assertThat(body.at("/usage/prompt_tokens_details/cached_tokens").isIntegralNumber()).isTrue();
  }

  @Test
  void aStreamTellsTheSameAnswerEventByEvent() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Stream\"}],\"max_completion_tokens\":6,"
            + "\"temperature\":0%s}";
    String whole =
        JSON.readTree(chat(request.formatted("")).body())
            .at("/choices/0/message/content")
            .stringValue();

    HttpResponse<String> response = chat(request.formatted(",\"stream\":true"));

    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<JsonNode> events = EventLines.of(response.body());
    String head =
        "{\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%d,\"model\":\"org/letters@main\",\"choices\":[{\"index\":0,\"delta\":"
            .formatted(
                events.getFirst().get("id").stringValue(),
                events.getFirst().get("created").longValue());
    assertThat(response.body())
        .startsWith(
            "data: "
                + head
                + "{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n")
        .endsWith(
            "data: "
                + head
                + "{},\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n");
    assertThat(events).allMatch(event -> event.toString().startsWith(head)).hasSize(6 + 2);
    assertThat(EventLines.text(events, "/choices/0/delta/content")).isEqualTo(whole);
  }

  @Test
  void aStreamEndsWithTheUsageWhereItIsWanted() throws Exception {
    List<JsonNode> events =
        EventLines.of(
            chat("""
            {"messages":[{"role":"user","content":"Usage"}],"max_tokens":3,"stream":true,
             "temperature":0,"stream_options":{"include_usage":true}}
            """)
                .body());

    assertThat(events.subList(0, events.size() - 1))
        .allMatch(event -> event.get("usage").isNull())
        .allMatch(event -> event.get("choices").size() == 1);
    JsonNode last = events.getLast();
    assertThat(last.get("choices")).isEmpty();
    assertThat(last.at("/usage/completion_tokens").intValue()).isEqualTo(3);
    assertThat(last.at("/usage/prompt_tokens").intValue()).isEqualTo(22);
  }

  @Test
  void severalAnswersAreTheSameWholeAndStreamed() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Two\"}],\"max_tokens\":5,\"n\":2,"
            + "\"seed\":7,\"stream\":%s}";
    JsonNode whole = JSON.readTree(chat(request.formatted(false)).body()).get("choices");
    List<JsonNode> events = EventLines.of(chat(request.formatted(true)).body());

    assertThat(whole).hasSize(2);
    assertThat(whole.at("/0/message/content")).isNotEqualTo(whole.at("/1/message/content"));
    for (int i = 0; i < 2; i++) {
      int index = i;
      List<JsonNode> ofOne =
          events.stream()
              .filter(event -> event.at("/choices/0/index").intValue() == index)
              .toList();
      assertThat(EventLines.text(ofOne, "/choices/0/delta/content"))
          .isEqualTo(whole.get(i).at("/message/content").stringValue());
      assertThat(ofOne.getFirst().at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
      assertThat(ofOne.getLast().at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
    }
  }

  @Test
  void aStopTextIsLeftOutWholeAndStreamed() throws Exception {
    String answer = greedy(OpenAiTestApplication.rendered("user", "Stop"), 12);
    String stop = answer.substring(4, 7);
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Stop\"}],\"max_tokens\":12,"
            + "\"temperature\":0,\"stop\":[%s],\"stream\":%s}";
    String json = JSON.writeValueAsString(stop);

    JsonNode whole = JSON.readTree(chat(request.formatted(json, false)).body()).at("/choices/0");
    List<JsonNode> events = EventLines.of(chat(request.formatted(json, true)).body());

    assertThat(whole.at("/message/content").stringValue())
        .isEqualTo(answer.substring(0, answer.indexOf(stop)));
    assertThat(whole.get("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(EventLines.text(events, "/choices/0/delta/content"))
        .isEqualTo(whole.at("/message/content").stringValue());
    assertThat(
            content(
                request
                    .formatted(json, false)
                    .replace("\"stream\"", "\"include_stop_str_in_output\":true,\"stream\"")))
        .isEqualTo(answer.substring(0, answer.indexOf(stop) + stop.length()));
  }

  @Test
  void tellsTheTokensWithTheirBytes() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Log\"}],\"max_tokens\":3,"
            + "\"temperature\":0,\"logprobs\":true,\"top_logprobs\":2,\"stream\":%s}";
    JsonNode whole = JSON.readTree(chat(request.formatted(false)).body()).at("/choices/0");
    List<JsonNode> events = EventLines.of(chat(request.formatted(true)).body());

    JsonNode content = whole.at("/logprobs/content");
    assertThat(whole.get("logprobs").propertyNames()).containsExactly("content", "refusal");
    assertThat(content).hasSize(3);
    String text = whole.at("/message/content").stringValue();
    for (int i = 0; i < 3; i++) {
      JsonNode token = content.get(i);
      assertThat(token.propertyNames())
          .containsExactly("token", "logprob", "bytes", "top_logprobs");
      assertThat(token.get("token").stringValue()).isEqualTo(text.substring(i, i + 1));
      assertThat(token.at("/bytes/0").intValue()).isEqualTo(text.charAt(i));
      assertThat(token.get("top_logprobs")).hasSize(2);
      assertThat(token.at("/top_logprobs/0/logprob")).isEqualTo(token.get("logprob"));
    }
    List<JsonNode> told = new ArrayList<>();
    events.forEach(event -> event.at("/choices/0/logprobs/content").forEach(told::add));
    assertThat(told).containsExactlyElementsOf(content.values());
  }

  @Test
  void whatTheModelThinksIsToldApart() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Think\"}],\"seed\":1,\"stream\":%s,"
            + "\"guided_regex\":\"<think>[ab]{3}</think>[cd]{2}\"}";
    JsonNode message =
        JSON.readTree(chat(request.formatted(false)).body()).at("/choices/0/message");
    List<JsonNode> events = EventLines.of(chat(request.formatted(true)).body());

    assertThat(message.propertyNames())
        .containsExactly("role", "content", "refusal", "reasoning_content");
    assertThat(message.get("reasoning_content").stringValue()).matches("[ab]{3}");
    assertThat(message.get("content").stringValue()).matches("[cd]{2}");
    assertThat(EventLines.text(events, "/choices/0/delta/reasoning_content"))
        .isEqualTo(message.get("reasoning_content").stringValue());
    assertThat(EventLines.text(events, "/choices/0/delta/content"))
        .isEqualTo(message.get("content").stringValue());
  }

  @Test
  void theNewNameOfSystemIsSystem() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"%s\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Hi\"}],"
            + "\"max_tokens\":4,\"temperature\":0}";

    assertThat(content(request.formatted("developer")))
        .isEqualTo(content(request.formatted("system")));
  }

  @Test
  void drawsUnlessTheTemperatureIsZero() throws Exception {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Draw\"}],\"max_tokens\":5,\"seed\":%d%s}";
    String greedy = greedy(OpenAiTestApplication.rendered("user", "Draw"), 5);

    assertThat(content(request.formatted(1, ",\"temperature\":0,\"top_p\":0.5"))).isEqualTo(greedy);
    assertThat(content(request.formatted(1, "")))
        .isEqualTo(content(request.formatted(1, ",\"temperature\":1")))
        .isNotEqualTo(greedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '"',
      textBlock =
          """
          'model':'words'                                   | 400 | model                        | model_not_supported        | it makes vectors of texts, at /v1/embeddings
          'model':'gpt-4'                                   | 404 | model                        | model_not_found            | there is no model `gpt-4`
          'messages':null                                   | 400 | messages                     | missing_required_parameter | missing field `messages`
          'messages':[]                                     | 400 | messages                     | invalid_value              | `messages` cannot be empty
          'messages':[null]                                 | 400 | messages[0]                  | invalid_value              | must be an object
          'messages':'hi'                                   | 400 | messages                     | invalid_type               | `messages` must be a list
          'messages':[{'content':'a'}]                      | 400 | messages[0].role             | missing_required_parameter | who speaks
          'messages':[{'role':'king','content':'a'}]        | 400 | messages[0].role             | invalid_value              | Given: king
          'messages':[{'role':'user'}]                      | 400 | messages[0].content          | missing_required_parameter | what was said
          'messages':[{'role':'user','content':5}]          | 400 | messages[0].content          | invalid_value              | must be a string or a list of parts
          'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]}] | 400 | messages[0].content[0] | unsupported_parameter | must be of type text, as the model reads nothing else. Given: image_url
          'messages':[{'role':'user','content':[{'type':'text','text':7}]}] | 400 | messages[0].content[0].text | invalid_value | must be a string
          'messages':[{'role':'user','content':'a','tool_calls':[{'function':{'name':'f'}}]}] | 400 | messages[0].tool_calls | invalid_value | are an assistant's only
          'messages':[{'role':'assistant','content':'a','function_call':{'name':'f'}}] | 400 | messages[0].function_call | unsupported_parameter | is not supported; use `tool_calls`
          'guided_regex':'(a)\\\\1'                         | 400 | -                            | invalid_value              | the regular expression
          'temperature':-1                                  | 400 | temperature                  | invalid_value              | `temperature` must be strictly positive
          'temperature':0,'top_p':1.5                       | 400 | top_p                        | invalid_value              | `top_p` must be > 0.0 and <= 1.0
          'top_k':-2                                        | 400 | top_k                        | invalid_value              | `top_k` must be positive
          'min_p':2                                         | 400 | min_p                        | invalid_value              | `min_p` must be >= 0.0 and <= 1.0
          'presence_penalty':3                              | 400 | presence_penalty             | invalid_value              | `presence_penalty` must be >= -2.0 and <= 2.0
          'frequency_penalty':-3                            | 400 | frequency_penalty            | invalid_value              | `frequency_penalty` must be >= -2.0 and <= 2.0
          'logit_bias':{'5':101}                            | 400 | logit_bias                   | invalid_value              | `logit_bias` must be >= -100.0 and <= 100.0
          'logit_bias':{'5':null}                           | 400 | logit_bias                   | invalid_value              | one of them is null
          'logit_bias':{'a':1}                              | 400 | logit_bias                   | invalid_type               | must be an integer
          'n':0                                             | 400 | n                            | invalid_value              | `n` must be >= 1. Given: 0
          'n':9                                             | 400 | n                            | invalid_value              | `n` must be > 0 and <= 8
          'seed':1.5                                        | 400 | seed                         | invalid_type               | `seed` must be an integer
          'max_tokens':0                                    | 400 | max_tokens                   | invalid_value              | `max_tokens` must be strictly positive. Given: 0
          'max_tokens':1,'max_completion_tokens':2          | 400 | max_completion_tokens        | invalid_value              | must not differ. Given: 2 and 1
          'max_tokens':5000                                 | 400 | messages                     | context_length_exceeded    | `messages` tokens + `max_tokens` must be <= 2000
          'stop':['a','b','c','d','e']                      | 400 | stop                         | invalid_value              | `stop` supports up to 4 stop sequences. Given: 5
          'stop':[1]                                        | 400 | stop                         | invalid_type               | `stop` must be a string or a list of strings
          'top_logprobs':2                                  | 400 | top_logprobs                 | invalid_value              | needs `logprobs` to be true
          'logprobs':true,'top_logprobs':21                 | 400 | top_logprobs                 | invalid_value              | `top_logprobs` must be >= 0 and <= 20
          'stream_options':{'include_usage':true}           | 400 | stream_options               | invalid_value              | needs `stream` to be true
          'continue_final_message':true,'add_generation_prompt':true | 400 | continue_final_message | invalid_value         | cannot both be true
          'tool_choice':'required'                          | 400 | tool_choice                  | invalid_value              | `tool_choice` needs `tools`
          'tool_choice':'sometimes'                         | 400 | tool_choice                  | invalid_value              | must be none, auto, required, or a function
          'tools':[{'type':'retrieval'}]                    | 400 | tools[0].type                | unsupported_parameter      | must be function. Given: retrieval
          'tools':[{'type':'function'}]                     | 400 | tools[0].function            | missing_required_parameter | what can be called
          'tools':[{'type':'function','function':{'name':'a b'}}] | 400 | tools[0].function.name | invalid_value              | Given: a b
          'tools':[{'type':'function','function':{'name':'a','parameters':[]}}] | 400 | tools[0].function.parameters | invalid_value | must be a JSON schema
          'tools':[{'type':'function','function':{'name':'a','parameters':{'type':'array'}}}] | 400 | tools[0].function.parameters | invalid_value | must describe an object. Given: array
          'functions':[{'name':'a'}]                        | 400 | functions                    | unsupported_parameter      | `functions` is not supported
          'store':true                                      | 400 | store                        | unsupported_parameter      | `store` is not supported
          'modalities':['text','audio']                     | 400 | modalities                   | unsupported_parameter      | `modalities` is not supported
          'chat_template':'x'                               | 400 | chat_template                | unsupported_parameter      | `chat_template` is not supported
          'stop_token_ids':[1]                              | 400 | stop_token_ids               | unsupported_parameter      | `stop_token_ids` is not supported
          """)
  void refusesByName(String fields, int status, @Nullable String param, String code, String message)
      throws Exception {
    String given = fields.replace('\'', '"');
    for (boolean stream : new boolean[] {false, true}) {
      if (stream && fields.contains("stream_options")) {
        continue;
      }
      HttpResponse<String> response =
          chat(
              "{\"stream\":%s,%s%s}"
                  .formatted(
                      stream,
                      given,
                      given.contains("messages")
                          ? ""
                          : ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"));

      assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
      JsonNode error = JSON.readTree(response.body()).get("error");
      assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.get("message").stringValue()).contains(message);
      assertThat(error.get("param").asString(null)).isEqualTo(param);
      assertThat(error.get("code").stringValue()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/chat/completions"})
  void aFailureBeforeTheFirstEventKeepsItsStatus(String path) throws Exception {
    decoder.failOn(token -> true);

    HttpResponse<String> response =
        http.post(
            path, "{\"messages\":[{\"role\":\"user\",\"content\":\"Fail\"}],\"stream\":true}");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("\"type\":\"server_error\"");
  }

  @Test
  void aFailureAfterTheFirstEventIsAnEvent() throws Exception {
    String prompt = OpenAiTestApplication.rendered("user", "Later");
    int third = FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), 4)[2];
    assertThat(TOKENIZER.encode(prompt, true)).doesNotContain(third);
    decoder.failOn(token -> token == third);

    HttpResponse<String> response =
        chat(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Later\"}],\"stream\":true,"
                + "\"temperature\":0,\"max_tokens\":9}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"role\":\"assistant\"")
        .containsPattern("data: \\{\"error\":\\{\"message\":\"[^\"]+\",\"type\":\"server_error\",")
        .endsWith("\"param\":null,\"code\":null}}\n\n");
  }

  @Test
  void oneTooManyIsToldToComeBackBeforeItsPromptIsWritten() throws Exception {
    decoder.byHand();
    int most = 128;
    List<Generation> running = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      running.add(served.engine().start(GenerationRequest.greedy("a", 1)));
    }
    try {
      for (String messages :
          List.of(
              "{\"role\":\"user\",\"content\":\"Hi\"}",
              "{\"role\":\"user\",\"content\":\"%s\"}".formatted("long".repeat(9_000)))) {
        HttpResponse<String> response = chat("{\"messages\":[%s]}".formatted(messages));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(response.body()).contains("\"code\":\"rate_limit_exceeded\"");
      }
    } finally {
      decoder.release();
      running.forEach(Generation::close);
    }
  }

  @Test
  void aModelThatIsComingIsAnswered503() throws Exception {
    Served.State<TextGenerator> ready = served.state();
    served.become(new Served.Coming<>("downloading model.safetensors 41 of 90 MB"));
    try {
      HttpResponse<String> response =
          chat("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(response.body()).contains("41 of 90 MB", "\"code\":\"model_not_ready\"");
    } finally {
      served.become(ready);
    }
  }

  private HttpResponse<String> chat(String body) throws Exception {
    return http.post("/v1/chat/completions", body);
  }

  private String content(String body) throws Exception {
    HttpResponse<String> response = chat(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).at("/choices/0/message/content").stringValue();
  }

  private static String greedy(String prompt, int tokens) {
    return TOKENIZER.decode(FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), tokens), true);
  }
}
