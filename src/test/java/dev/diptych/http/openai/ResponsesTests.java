package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
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
class ResponsesTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final LineTokenizer TOKENIZER = new LineTokenizer();
  private static final String TOOL =
      """
      {"type":"function","name":"weather","description":"w","strict":true,"parameters":
       {"type":"object","properties":{"unit":{"enum":["C","F"]}},"required":["unit"],
        "additionalProperties":false}}\
      """;

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @AfterEach
  void runFreely() {
    decoder.failOn(token -> false);
  }

  @Test
  void answersAText() throws Exception {
    JsonNode body =
        respond(
            "{\"input\":\"Hi\",\"instructions\":\"Be kind.\",\"max_output_tokens\":5,"
                + "\"temperature\":0,\"metadata\":{\"a\":\"b\"},\"store\":false,\"user\":\"u\"}");

    assertThat(body.propertyNames())
        .containsExactly(
            "id",
            "object",
            "created_at",
            "status",
            "error",
            "incomplete_details",
            "instructions",
            "max_output_tokens",
            "model",
            "output",
            "parallel_tool_calls",
            "previous_response_id",
            "reasoning",
            "store",
            "temperature",
            "text",
            "tool_choice",
            "tools",
            "top_p",
            "truncation",
            "usage",
            "metadata");
    assertThat(body.get("id").stringValue()).matches("resp_[0-9a-f]{32}");
    assertThat(body.get("object").stringValue()).isEqualTo("response");
    assertThat(body.get("status").stringValue()).isEqualTo("incomplete");
    assertThat(body.at("/incomplete_details/reason").stringValue()).isEqualTo("max_output_tokens");
    assertThat(body.get("error").isNull()).isTrue();
    assertThat(body.at("/metadata/a").stringValue()).isEqualTo("b");
    assertThat(body.at("/text/format/type").stringValue()).isEqualTo("text");
    assertThat(body.get("output")).hasSize(1);
    JsonNode item = body.at("/output/0");
    assertThat(item.propertyNames()).containsExactly("type", "id", "status", "role", "content");
    assertThat(item.get("id").stringValue()).matches("msg_[0-9a-f]{32}");
    assertThat(item.get("status").stringValue()).isEqualTo("incomplete");
    assertThat(item.at("/content/0").propertyNames())
        .containsExactly("type", "text", "annotations", "logprobs");
    assertThat(item.at("/content/0/text").stringValue())
        .isEqualTo(greedy(OpenAiTestApplication.rendered("system", "Be kind.", "user", "Hi"), 5));
    assertThat(body.get("usage").propertyNames())
        .containsExactly(
            "input_tokens",
            "input_tokens_details",
            "output_tokens",
            "output_tokens_details",
            "total_tokens");
    assertThat(body.at("/usage/output_tokens").intValue()).isEqualTo(5);
    assertThat(body.at("/usage/output_tokens_details/reasoning_tokens").intValue()).isZero();
  }

  @Test
  void itemsAreTheSameConversationAsTheMessagesOfAChat() throws Exception {
    String chat =
        """
        {"messages":[{"role":"system","content":"S"},{"role":"user","content":"Weather?"},
          {"role":"assistant","content":"Well","tool_calls":[{"id":"call_1","type":"function",
            "function":{"name":"weather","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"call_1","content":"21"}],
         "max_tokens":5,"temperature":0}
        """;
    String items =
        """
        {"input":[{"role":"developer","content":"S"},
          {"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"}]},
          {"type":"reasoning","id":"rs_1","summary":[]},
          {"role":"assistant","content":[{"type":"output_text","text":"Well","annotations":[]}]},
          {"type":"function_call","call_id":"call_1","name":"weather","arguments":""},
          {"type":"function_call_output","call_id":"call_1","output":"21"}],
         "max_output_tokens":5,"temperature":0}
        """;

    assertThat(respond(items).at("/output/0/content/0/text"))
        .isEqualTo(
            JSON.readTree(http.post("/v1/chat/completions", chat).body())
                .at("/choices/0/message/content"));
  }

  @Test
  void aStreamTellsTheItemsInTheOrderOfOpenAi() throws Exception {
    String request = "{\"input\":\"Go\",\"max_output_tokens\":3,\"temperature\":0,\"stream\":%s}";
    String text = respond(request.formatted(false)).at("/output/0/content/0/text").stringValue();

    HttpResponse<String> response = http.post("/v1/responses", request.formatted(true));

    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<JsonNode> events = events(response.body());
    assertThat(events.stream().map(event -> event.get("type").stringValue()))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.incomplete");
    assertThat(events.stream().map(event -> event.get("sequence_number").intValue()))
        .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
    assertThat(events.getFirst().at("/response/output")).isEmpty();
    assertThat(events.getFirst().at("/response/usage").isNull()).isTrue();
    assertThat(events.get(4).propertyNames())
        .containsExactly(
            "type",
            "sequence_number",
            "output_index",
            "item_id",
            "content_index",
            "delta",
            "logprobs");
    assertThat(EventLines.text(events, "/delta")).isEqualTo(text);
    assertThat(events.get(7).get("text").stringValue()).isEqualTo(text);
    String id = events.get(2).at("/item/id").stringValue();
    assertThat(events.subList(3, 9))
        .allMatch(event -> event.get("item_id").stringValue().equals(id));
    JsonNode ended = events.getLast().get("response");
    assertThat(ended.get("id")).isEqualTo(events.getFirst().at("/response/id"));
    assertThat(ended.at("/output/0")).isEqualTo(events.get(9).get("item"));
    assertThat(ended.at("/usage/output_tokens").intValue()).isEqualTo(3);
  }

  @Test
  void aCallIsAnItemOfItsOwn() throws Exception {
    String request =
        "{\"input\":\"Go\",\"tools\":[%s],\"parallel_tool_calls\":false,\"seed\":4,".formatted(TOOL)
            + "\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"},\"stream\":%s}";

    JsonNode body = respond(request.formatted(false));
    List<JsonNode> events = events(http.post("/v1/responses", request.formatted(true)).body());

    assertThat(body.get("status").stringValue()).isEqualTo("completed");
    assertThat(body.at("/tools/0").propertyNames())
        .containsExactly("type", "name", "description", "parameters", "strict");
    assertThat(body.get("output")).hasSize(1);
    JsonNode call = body.at("/output/0");
    assertThat(call.propertyNames())
        .containsExactly("type", "id", "call_id", "name", "arguments", "status");
    assertThat(call.get("type").stringValue()).isEqualTo("function_call");
    assertThat(call.get("id").stringValue()).startsWith("fc_");
    assertThat(JSON.readTree(call.get("arguments").stringValue()).get("unit").stringValue())
        .isIn("C", "F");
    List<String> types = events.stream().map(event -> event.get("type").stringValue()).toList();
    assertThat(types)
        .startsWith("response.created", "response.in_progress", "response.output_item.added")
        .endsWith(
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed")
        .contains("response.function_call_arguments.delta");
    assertThat(EventLines.text(events, "/delta")).isEqualTo(call.get("arguments").stringValue());
  }

  @Test
  void aTextHasTheShapeThatIsAskedFor() throws Exception {
    JsonNode body =
        respond(
            "{\"input\":\"Go\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\","
                + "\"schema\":{\"enum\":[1,2]}}}}");

    assertThat(body.at("/output/0/content/0/text").stringValue()).isIn("1", "2");
    assertThat(body.get("status").stringValue()).isEqualTo("completed");
    assertThat(body.at("/text/format/name").stringValue()).isEqualTo("n");
  }

  @Test
  void aFailureAfterTheFirstEventIsAnEvent() throws Exception {
    String prompt = OpenAiTestApplication.rendered("user", "Later");
    int third = FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), 4)[2];
    decoder.failOn(token -> token == third);

    List<JsonNode> events =
        events(
            http.post(
                    "/v1/responses",
                    "{\"input\":\"Later\",\"temperature\":0,\"max_output_tokens\":9,\"stream\":true}")
                .body());

    JsonNode last = events.getLast();
    assertThat(last.get("type").stringValue()).isEqualTo("response.failed");
    assertThat(last.at("/response/status").stringValue()).isEqualTo("failed");
    assertThat(last.at("/response/error/message").stringValue()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'a':1                                                | input                | missing field `input`
          'input':''                                           | input                | `input` cannot be empty
          'input':[]                                           | input                | must be a text or a list of items
          'input':{}                                           | input                | must be a text or a list of items
          'input':['a']                                        | input[0]             | must be an object
          'input':[{'role':'user'}]                            | input[0].content     | what was said
          'input':[{'content':'a'}]                            | input[0].role        | missing field `input[0].role`
          'input':[{'role':'tool','content':'a'}]              | input[0].role        | must be system, developer, user or assistant. Given: tool
          'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}] | input[0].content[0] | Given: input_image
          'input':[{'type':'item_reference','id':'x'}]         | input[0].type        | item_reference
          'input':[{'type':'function_call','name':'a'}]        | input[0].call_id     | missing field
          'input':[{'type':'function_call_output','call_id':'a'}] | input[0].output   | what the function gave
          'input':'a','store':true                             | store                | `store` is not supported
          'input':'a','previous_response_id':'resp_1'          | previous_response_id | `previous_response_id` is not supported
          'input':'a','conversation':'c'                       | conversation         | `conversation` is not supported
          'input':'a','background':true                        | background           | `background` is not supported
          'input':'a','truncation':'auto'                      | truncation           | `truncation` is not supported
          'input':'a','tools':[{'type':'web_search'}]          | tools[0].type        | must be function. Given: web_search
          'input':'a','tool_choice':'required'                 | tool_choice          | needs `tools`
          'input':'a','text':{'format':{'type':'json_schema'}} | text.format.schema   | missing field `text.format.schema`
          'input':'a','max_output_tokens':0                    | max_output_tokens    | `max_output_tokens` must be strictly positive
          """)
  void refusesByName(String fields, String param, String message) throws Exception {
    HttpResponse<String> response =
        http.post("/v1/responses", "{" + fields.replace('\'', '"') + "}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("message").stringValue()).contains(message);
    assertThat(error.get("param").stringValue()).isEqualTo(param);
  }

  /** The data of a stream whose events have names, which are their types. */
  private static List<JsonNode> events(String body) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : body.split("\n\n", -1)) {
      if (event.isEmpty()) {
        continue;
      }
      String[] lines = event.split("\n", -1);
      assertThat(lines).hasSize(2);
      JsonNode data = JSON.readTree(lines[1].substring("data: ".length()));
      assertThat(lines[0]).isEqualTo("event: " + data.get("type").stringValue());
      events.add(data);
    }
    return events;
  }

  private JsonNode respond(String request) throws Exception {
    HttpResponse<String> response = http.post("/v1/responses", request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String greedy(String prompt, int tokens) {
    return TOKENIZER.decode(FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), tokens), true);
  }
}
