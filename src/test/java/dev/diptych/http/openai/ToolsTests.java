package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of tools and shapes of answers, with a model that says anything. */
@Timeout(60)
@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class ToolsTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String TOOLS =
      """
      "tools":[
       {"type":"function","function":{"name":"weather","parameters":{"type":"object",
        "properties":{"unit":{"enum":["C","F"]},"days":{"type":"integer","minimum":1,"maximum":9}},
        "required":["unit","days"],"additionalProperties":false}}},
       {"type":"function","function":{"name":"now"}}]\
      """;

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"required", "{'type':'function','function':{'name':'weather'}}"})
  void aForcedCallFitsItsSchema(String choice) throws Exception {
    for (int seed = 0; seed < 5; seed++) {
      JsonNode choiceOf =
          answer(
                  "\"seed\":%d,\"temperature\":1.5,\"parallel_tool_calls\":false,\"tool_choice\":%s,%s"
                      .formatted(seed, json(choice), TOOLS))
              .at("/choices/0");

      assertThat(choiceOf.get("finish_reason").stringValue()).isEqualTo("tool_calls");
      assertThat(choiceOf.at("/message/content").isNull()).isTrue();
      JsonNode calls = choiceOf.at("/message/tool_calls");
      assertThat(calls).hasSize(1);
      assertThat(calls.get(0).propertyNames()).containsExactly("id", "type", "function");
      assertThat(calls.at("/0/id").stringValue()).startsWith("call_");
      assertThat(calls.at("/0/type").stringValue()).isEqualTo("function");
      assertThat(calls.at("/0/function").propertyNames()).containsExactly("name", "arguments");
      JsonNode arguments = JSON.readTree(calls.at("/0/function/arguments").stringValue());
      if (calls.at("/0/function/name").stringValue().equals("weather")) {
        assertThat(arguments.propertyNames()).containsExactlyInAnyOrder("unit", "days");
        assertThat(arguments.get("unit").stringValue()).isIn("C", "F");
        assertThat(arguments.get("days").intValue()).isBetween(1, 9);
      } else {
        assertThat(choice).isEqualTo("required");
        assertThat(calls.at("/0/function/name").stringValue()).isEqualTo("now");
      }
    }
  }

  @Test
  void aForcedCallThatIsCutOffIsNoText() throws Exception {
    JsonNode choice =
        answer("\"max_tokens\":1,\"tool_choice\":\"required\"," + TOOLS).at("/choices/0");

    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(choice.at("/message/content").stringValue()).isEmpty();
  }

  @Test
  void theDeltasOfACallAddUpToIt() throws Exception {
    String fields =
        "\"seed\":3,\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}},"
            + TOOLS;
    JsonNode whole = answer(fields).at("/choices/0/message/tool_calls/0/function");

    List<JsonNode> events = EventLines.of(send(fields + ",\"stream\":true").body());

    JsonNode begin = events.get(1).at("/choices/0/delta");
    assertThat(begin.propertyNames()).containsExactly("tool_calls");
    assertThat(begin.at("/tool_calls/0").propertyNames())
        .containsExactly("index", "id", "type", "function");
    assertThat(begin.at("/tool_calls/0/function").toString())
        .isEqualTo("{\"name\":\"weather\",\"arguments\":\"\"}");
    List<JsonNode> rest = events.subList(2, events.size() - 1);
    assertThat(rest)
        .isNotEmpty()
        .allSatisfy(
            event ->
                assertThat(event.at("/choices/0/delta/tool_calls/0").propertyNames())
                    .containsExactly("index", "function"));
    assertThat(EventLines.text(rest, "/choices/0/delta/tool_calls/0/function/arguments"))
        .isEqualTo(whole.get("arguments").stringValue());
    JsonNode last = events.getLast().at("/choices/0");
    assertThat(last.get("delta")).isEmpty();
    assertThat(last.get("finish_reason").stringValue()).isEqualTo("tool_calls");
  }

  @Test
  void whatToolsSaidGoesBackIn() throws Exception {
    JsonNode answer =
        JSON.readTree(
            http.post(
                    "/v1/chat/completions",
                    """
                    {"messages":[{"role":"user","content":"Weather?"},
                      {"role":"assistant","content":null,"tool_calls":[{"id":"call_1",
                       "type":"function","function":{"name":"weather","arguments":"{}"}}]},
                      {"role":"tool","tool_call_id":"call_1","content":"21 C"}],
                     "max_tokens":4,"temperature":0,%s}
                    """
                        .formatted(TOOLS))
                .body());

    assertThat(answer.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'enum':['left','right']}}} | .left.!.right.
          'response_format':{'type':'json_schema','json_schema':{'schema':{'type':'integer','minimum':10,'maximum':99}}}       | [1-9][0-9]
          'guided_choice':['yes','no']                                                                                         | yes!no
          'guided_regex':'[ab]{3}'                                                                                             | [ab]{3}
          'guided_json':{'type':'boolean'}                                                                                     | true!false
          'json_schema':{'const':7}                                                                                            | 7
          'structured_outputs':{'choice':['x']}                                                                                | x
          'structured_outputs':{'regex':'c{2}'}                                                                                | cc
          'response_format':{'type':'json_object','schema':{'const':8}}                                                        | 8
          'response_format':{'type':'json','value':{'const':9}}                                                                | 9
          'response_format':{'type':'regex','value':'d{3}'}                                                                    | ddd
          'response_format':{'type':'text'},'guided_choice':['z']                                                              | z
          """)
  void anAnswerHasTheShapeThatIsAskedFor(String fields, String pattern) throws Exception {
    String shape = pattern.replace('!', '|');
    for (int seed = 0; seed < 4; seed++) {
      JsonNode choice =
          answer(json(fields) + ",\"temperature\":1.5,\"seed\":" + seed).at("/choices/0");

      assertThat(choice.at("/message/content").stringValue()).matches("(?s)" + shape);
      assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    }
  }

  @Test
  void anyObjectIsAJsonObject() throws Exception {
    String text =
        answer("\"response_format\":{\"type\":\"json_object\"},\"max_tokens\":40")
            .at("/choices/0/message/content")
            .stringValue();

    assertThat(text).startsWith("{");
  }

  @Test
  void aTextOfCompletionsHasAShapeToo() throws Exception {
    JsonNode answer =
        JSON.readTree(
            http.post(
                    "/v1/completions", "{\"prompt\":\"Sky\",\"guided_choice\":[\"blue\",\"grey\"]}")
                .body());

    assertThat(answer.at("/choices/0/text").stringValue()).isIn("blue", "grey");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'response_format':{}                                      | response_format.type               | missing field `response_format.type`
          'response_format':{'type':'yaml'}                         | response_format.type               | must be text, json_object or json_schema. Given: yaml
          'response_format':{'type':'json_schema'}                  | response_format.json_schema.schema | missing field `response_format.json_schema.schema`
          'response_format':{'type':'json_schema','json_schema':{'schema':[]}} | response_format.json_schema.schema | must be a JSON schema
          'response_format':{'type':'json_object'},'guided_choice':['a'] | guided_choice                 | both ask for a shape
          'guided_choice':[]                                        | guided_choice                      | must be a list of texts
          'guided_choice':[5]                                       | guided_choice                      | must be a string
          'guided_regex':''                                         | guided_regex                       | must be a string, and not empty
          'structured_outputs':{'grammar':'root'}                   | structured_outputs.grammar         | `structured_outputs.grammar` is not supported
          'guided_grammar':'root'                                   | guided_grammar                     | `guided_grammar` is not supported
          """)
  void refusesShapesThatCannotBe(String fields, String param, String message) throws Exception {
    HttpResponse<String> response = send(json(fields));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("message").stringValue()).contains(message);
    assertThat(error.get("param").stringValue()).isEqualTo(param);
  }

  @Test
  void aKeywordThatIsNotSupportedIsNamedWithItsPlace() throws Exception {
    HttpResponse<String> response =
        send(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"not\":{}}}}}}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("not", "/properties/a");
  }

  private static String json(String quoted) {
    String json = quoted.replace('\'', '"');
    return json.equals("required") ? "\"required\"" : json;
  }

  private HttpResponse<String> send(String fields) throws Exception {
    return http.post(
        "/v1/chat/completions",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],%s}".formatted(fields));
  }

  private JsonNode answer(String fields) throws Exception {
    HttpResponse<String> response = send(fields);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
