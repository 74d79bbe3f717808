package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@Timeout(60)
class DecisionsTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PREDICATE = "{'type':'predicate','instructions':'Is it late?'}";
  private static final String CHOICE =
      "{'type':'choice','name':'c','instructions':'Which?','choices':[{'value':'true'},{'value':true},{'value':2,'description':'two'}]}";
  private static final String SCORE =
      "{'type':'score','name':'','instructions':'How bad?','levels':[{'label':'low','description':'not at all'},{'label':'high'}]}";

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  private HttpResponse<String> ask(String body) throws Exception {
    return http.post("/v1/decisions", body.replace('\'', '"'));
  }

  private JsonNode answered(String body) throws Exception {
    HttpResponse<String> response = ask(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String of(String... questions) {
    return "{'input':'It came on Monday.','questions':[" + String.join(",", questions) + "]}";
  }

  @Test
  void everyKindOfQuestionHasItsShapeInTheOrderOfTheRequest() throws Exception {
    JsonNode body = answered(of(SCORE, PREDICATE, CHOICE));

    assertThat(body.propertyNames()).containsExactly("model", "answers", "usage");
    assertThat(body.get("model").stringValue()).isEqualTo("org/words@main");
    JsonNode score = body.at("/answers/0");
    assertThat(score.propertyNames())
        .containsExactly("type", "name", "score", "probabilities", "confidence");
    assertThat(score.get("name").stringValue()).isEmpty();
    assertThat(score.at("/probabilities/1").propertyNames())
        .containsExactly("value", "label", "probability");
    assertThat(score.at("/probabilities/1/value").intValue()).isEqualTo(1);
    assertThat(score.at("/probabilities/1/label").stringValue()).isEqualTo("high");
    assertThat(score.get("score").doubleValue())
        .isCloseTo(score.at("/probabilities/1/probability").doubleValue(), within(1e-9));
    JsonNode predicate = body.at("/answers/1");
    assertThat(predicate.propertyNames()).containsExactly("type", "name", "probability");
    assertThat(predicate.get("name").isNull()).isTrue();
    assertThat(predicate.get("probability").doubleValue()).isBetween(0.0, 1.0);
    JsonNode choice = body.at("/answers/2");
    assertThat(choice.propertyNames())
        .containsExactly("type", "name", "choice", "probabilities", "confidence");
    assertThat(choice.at("/probabilities").valueStream().map(one -> one.get("value").toString()))
        .containsExactly("\"true\"", "true", "2");
    assertThat(
            choice
                .at("/probabilities")
                .valueStream()
                .mapToDouble(one -> one.get("probability").doubleValue())
                .sum())
        .isCloseTo(1, within(1e-9));
    assertThat(choice.at("/probabilities").valueStream().map(one -> one.get("value")))
        .contains(choice.get("choice"));
  }

  @Test
  void usageTellsWhatWasReadAndFoundComputed() throws Exception {
    answered(of(PREDICATE));
    JsonNode usage = answered(of(PREDICATE)).get("usage");

    assertThat(usage.propertyNames())
        .containsExactly(
            "input_tokens",
            "input_tokens_details",
            "output_tokens",
            "output_tokens_details",
            "total_tokens");
    assertThat(usage.get("input_tokens").intValue()).isPositive();
    assertThat(usage.get("total_tokens")).isEqualTo(usage.get("input_tokens"));
    assertThat(usage.get("output_tokens").intValue()).isZero();
    assertThat(usage.at("/input_tokens_details").propertyNames())
        .containsExactly("cached_tokens", "cache_write_tokens");
    assertThat(usage.at("/output_tokens_details/reasoning_tokens").intValue()).isZero();
  }

  @Test
  void itAnswersAsSystemOneDoes() throws Exception {
    JsonNode first = answered(of(PREDICATE, SCORE));
    JsonNode second =
        answered(
            "{'input':[{'role':'user','content':[{'type':'input_text','text':'It came on Monday.'}]}],'questions':[%s,%s],'safety_identifier':null,'model':'decoder'}"
                .formatted(SCORE, PREDICATE));

    assertThat(second.at("/answers/1")).isEqualTo(first.at("/answers/0"));
    assertThat(second.at("/answers/0")).isEqualTo(first.at("/answers/1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'questions':[]}                                             | input                       | missing_required_parameter
          {'input':'a'}                                                | questions                   | missing_required_parameter
          {'input':'a','questions':[]}                                 | questions                   | invalid_value
          {'input':'a','questions':[1]}                                | questions[0]                | invalid_value
          {'input':' ','questions':[P]}                                | input                       | invalid_value
          {'input':5,'questions':[P]}                                  | input                       | invalid_value
          {'input':'a','questions':[P],'temperature':0}                | temperature                 | unsupported_parameter
          {'input':'a','questions':[P,{'type':'noul'}]}                | questions[1].type           | invalid_value
          {'input':'a','questions':[{'type':'predicate'}]}             | questions[0].instructions   | missing_required_parameter
          {'input':'a','questions':[{'type':'predicate','instructions':''}]} | questions[0].instructions | invalid_value
          {'input':'a','questions':[{'type':'predicate','instructions':'b','name':null}]} | questions[0].name | invalid_value
          {'input':'a','questions':[{'type':'predicate','instructions':'b','choices':[]}]} | questions[0].choices | unsupported_parameter
          {'input':'a','questions':[{'type':'choice','instructions':'b','choices':[{'value':'x'}]}]} | questions[0].choices | invalid_value
          {'input':'a','questions':[{'type':'choice','instructions':'b','choices':[{'value':'x'},{'value':'x'}]}]} | questions[0].choices[1].value | invalid_value
          {'input':'a','questions':[{'type':'choice','instructions':'b','choices':[{'value':'x'},{'value':null}]}]} | questions[0].choices[1].value | invalid_value
          {'input':'a','questions':[{'type':'choice','instructions':'b','choices':[{'value':'x'},{'value':'y','id':1}]}]} | questions[0].choices[1].id | unsupported_parameter
          {'input':'a','questions':[{'type':'score','instructions':'b','levels':[{'label':'x'},{}]}]} | questions[0].levels[1].label | missing_required_parameter
          {'input':[{'role':'system','content':'a'}],'questions':[P]}  | input[0].role               | invalid_value
          {'input':[{'role':'user','content':[{'type':'input_image','image_url':'x'}]}],'questions':[P]} | input[0].content[0].type | unsupported_parameter
          {'input':'a','questions':[P],'model':7}                      | model                       | invalid_value
          """)
  void whatCannotBeUsedIsNamed(String body, String param, String code) throws Exception {
    HttpResponse<String> response = ask(body.replace("P", PREDICATE));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
    assertThat(error.get("param").stringValue()).as(response.body()).isEqualTo(param);
    assertThat(error.get("code").stringValue()).isEqualTo(code);
    assertThat(error.get("message").stringValue()).contains("`" + param + "`");
  }

  @Test
  void limitsAreSaid() throws Exception {
    HttpResponse<String> many = ask(of(Collections.nCopies(9, PREDICATE).toArray(String[]::new)));
    HttpResponse<String> identified =
        ask(of(PREDICATE).replaceFirst("\\{", "{'safety_identifier':'" + "x".repeat(129) + "',"));
    HttpResponse<String> tooLong =
        ask("{'input':'%s','questions':[%s]}".formatted("abc ".repeat(600), PREDICATE));

    assertThat(many.body())
        .contains("must have 1 to 8 items (diptych.decisions.max-questions). Given: 9");
    assertThat(identified.body()).contains("must have at most 128 characters. Given: 129");
    assertThat(tooLong.statusCode()).as(tooLong.body()).isEqualTo(400);
    assertThat(tooLong.body()).contains("`input` with a question", "context_length_exceeded");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    HttpResponse<String> response =
        ask(of(PREDICATE).replaceFirst("\\{", "{'model':'gpt-6-luna',"));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()).at("/error/code").stringValue())
        .isEqualTo("model_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[]", "7"})
  void whatIsNoObjectIsRefused(String body) throws Exception {
    HttpResponse<String> response = ask(body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).at("/error/type").stringValue())
        .isEqualTo("invalid_request_error");
  }
}
