package dev.diptych.http.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

@SpringBootTest(
    classes = DecisionsTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "diptych.decisions.max-questions=8")
@Timeout(60)
class SystemOneTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NOUL = "{'type':'noul','instructions':'Is it late?'}";

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private TextGenerator generator;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @AfterEach
  void runFreely() {
    decoder.release();
  }

  private HttpResponse<String> ask(String body) throws Exception {
    return http.post("/v1/systemone", body.replace('\'', '"'));
  }

  private JsonNode answered(String body) throws Exception {
    HttpResponse<String> response = ask(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String of(String questions) {
    return "{'model':'jev-latest','state':'It came on Monday.','questions':{" + questions + "}}";
  }

  @Test
  void everyKindOfQuestionHasItsShapeInTheOrderOfTheRequest() throws Exception {
    JsonNode body =
        answered(
            of(
                "'z':"
                    + NOUL
                    + ",'team \\uD83C\\uDFAF':{'type':'choice','instructions':'Who?','criteria':{'b"
                    + " b':'x','a':null}},'s.1':{'type':'score','instructions':'How"
                    + " bad?','criteria':['low',{'label':'mid'},['high']]}"));

    assertThat(body.propertyNames()).containsExactly("model", "answers", "usage");
    assertThat(body.get("model").stringValue()).isEqualTo("org/words@main");
    JsonNode answers = body.get("answers");
    assertThat(answers.propertyNames()).containsExactly("z", "team \uD83C\uDFAF", "s.1");
    JsonNode noul = answers.get("z");
    assertThat(noul.propertyNames()).containsExactly("type", "noul", "x_label_mass");
    assertThat(noul.get("noul").doubleValue()).isBetween(0.0, 1.0);
    JsonNode choice = answers.get("team \uD83C\uDFAF");
    assertThat(choice.propertyNames())
        .containsExactly("type", "choice", "probabilities", "confidence", "x_label_mass");
    assertThat(choice.get("probabilities").propertyNames()).containsExactly("b b", "a");
    double best = choice.get("probabilities").get(choice.get("choice").stringValue()).doubleValue();
    assertThat(best).isGreaterThanOrEqualTo(0.5);
    assertThat(choice.get("confidence").doubleValue()).isCloseTo(2 * best - 1, within(1e-9));
    JsonNode score = answers.get("s.1");
    assertThat(score.propertyNames())
        .containsExactly("type", "score", "legend", "probabilities", "confidence", "x_label_mass");
    assertThat(score.get("legend").toString())
        .isEqualTo("{\"0\":\"low\",\"1\":{\"label\":\"mid\"},\"2\":[\"high\"]}");
    assertThat(score.get("probabilities").propertyNames()).containsExactly("0", "1", "2");
    assertThat(score.get("score").doubleValue())
        .isCloseTo(
            score.at("/probabilities/1").doubleValue()
                + 2 * score.at("/probabilities/2").doubleValue(),
            within(1e-9));
    JsonNode usage = body.get("usage");
    assertThat(usage.propertyNames())
        .containsExactly("input_tokens", "output_tokens", "x_cached_tokens");
    assertThat(usage.get("input_tokens").intValue()).isPositive();
    assertThat(usage.get("output_tokens").toString()).isEqualTo("0");
  }

  @Test
  void noIdReachesTheModel() throws Exception {
    JsonNode one = answered(of("'a':" + NOUL)).at("/answers/a/noul");
    JsonNode other = answered(of("'renamed':" + NOUL)).at("/answers/renamed/noul");

    assertThat(other.doubleValue()).isEqualTo(one.doubleValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "'jev-latest'",
        "'jev-preview'",
        "'decoder'",
        "'org/words'",
        "'org/words@main'"
      })
  void theDefaultAnswersToItsNamesAndToNone(String model) throws Exception {
    answered("{'model':%s,'state':{'a':1},'questions':{'q':%s}}".formatted(model, NOUL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'noul','instructions':'b','criteria':null}",
        "{'type':'noul','instructions':'b','criteria':{'true':'c'}}",
        "{'type':'noul','instructions':'b','criteria':{'true':'','false':'d'}}",
        "{'type':'noul','criteria':{'true':{'e':['f']},'false':['g']}}",
        "{'type':'noul','instructions':{'task':'b'}}",
        "{'type':'choice','instructions':['b','c'],'criteria':{'d':{'e':1},'f':['g'],'h':null}}",
        "{'type':'choice','criteria':{'d':'','f':null}}",
        "{'type':'score','instructions':'b','criteria':[{'label':'c','description':'d'},'e']}",
      })
  void whatClientsWriteIsTaken(String question) throws Exception {
    answered(of("'q':" + question));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {                                                                       | ['body']                                        | json_invalid    | the body is not JSON
          []                                                                      | ['body']                                        | dict_type       | `body` must be an object
          {'questions':{'q':{'type':'noul','instructions':'b'}}}                  | ['body','state']                                | missing         | `state` is missing
          {'state':5,'questions':{'q':{'type':'noul','instructions':'b'}}}        | ['body','state']                                | string_type     | must be a string, an object or a list
          {'state':'a'}                                                           | ['body','questions']                            | missing         | `questions` is missing
          {'state':'a','questions':[]}                                            | ['body','questions']                            | dict_type       | must be an object of questions
          {'state':'a','questions':{}}                                            | ['body','questions']                            | too_short       | at least one question
          {'state':'a','model':5,'questions':{'q':{'type':'noul','criteria':{'true':'b'}}}} | ['body','model']                      | string_type     | `model` must be a string
          {'state':'a','questions':{'q':5}}                                       | ['body','questions','q']                        | dict_type       | `questions.q` must be an object
          {'state':'a','questions':{'':{'type':'noul','instructions':'b'}}}       | ['body','questions','']                         | too_short       | an id must not be empty
          {'state':'a','questions':{'q':{'instructions':'b'}}}                    | ['body','questions','q','type']                 | missing         | `questions.q.type` is missing
          {'state':'a','questions':{'q':{'type':'boolean'}}}                      | ['body','questions','q','type']                 | literal_error   | must be noul, choice or score
          {'state':'a','questions':{'q':{'type':'noul'}}}                         | ['body','questions','q']                        | missing         | needs instructions or criteria
          {'state':'a','questions':{'q':{'type':'noul','instructions':5}}}        | ['body','questions','q','instructions']         | string_type     | must be a string
          {'state':'a','questions':{'q':{'type':'noul','instructions':'b','box':1}}} | ['body','questions','q','box']               | extra_forbidden | `questions.q.box` is not known
          {'state':'a','questions':{'q':{'type':'noul','criteria':{'yes':'b'}}}}  | ['body','questions','q','criteria','yes']       | extra_forbidden | must be true or false
          {'state':'a','questions':{'q':{'type':'choice'}}}                       | ['body','questions','q','criteria']             | missing         | is missing
          {'state':'a','questions':{'q':{'type':'choice','criteria':['b','c']}}}  | ['body','questions','q','criteria']             | dict_type       | by the options' names
          {'state':'a','questions':{'q':{'type':'choice','criteria':{'b':null}}}} | ['body','questions','q','criteria']             | too_short       | at least 2 options
          {'state':'a','questions':{'q':{'type':'choice','criteria':{'b':null,' ':null}}}} | ['body','questions','q','criteria',' ']| too_short       | an option must have a name
          {'state':'a','questions':{'q':{'type':'score','criteria':{'0':'b','1':'c'}}}} | ['body','questions','q','criteria']       | list_type       | from the lowest to the highest
          {'state':'a','questions':{'q':{'type':'score','criteria':['b']}}}       | ['body','questions','q','criteria']             | too_short       | at least 2 levels
          {'state':'a','questions':{'q':{'type':'score','criteria':['b',null]}}}  | ['body','questions','q','criteria',1]           | string_type     | `questions.q.criteria[1]` must be
          {'state':'a','questions':{'q':{'type':'score','criteria':['0','1','2','3','4','5','6','7','8','9','10']}}} | ['body','questions','q','criteria'] | too_long | at most 10 levels. Given: 11
          """)
  void whatCannotBeUsedIsRefusedWithItsPlace(String body, String loc, String type, String message)
      throws Exception {
    HttpResponse<String> response = ask(body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    JsonNode detail = JSON.readTree(response.body()).get("detail");
    assertThat(detail).hasSize(1);
    assertThat(detail.get(0).propertyNames()).containsExactly("loc", "msg", "type");
    assertThat(detail.at("/0/loc").toString()).isEqualTo(loc.replace('\'', '"'));
    assertThat(detail.at("/0/type").stringValue()).isEqualTo(type);
    assertThat(detail.at("/0/msg").stringValue()).contains(message);
  }

  @Test
  void allProblemsAreToldAtOnceButNotMoreThanCanBeRead() throws Exception {
    JsonNode two =
        JSON.readTree(ask("{'state':5,'questions':{'q':{'type':'noul'}}}").body()).get("detail");
    assertThat(two).hasSize(2);

    String options =
        IntStream.range(0, 100)
            .mapToObj(i -> "'o%d':5".formatted(i))
            .collect(Collectors.joining(","));
    JsonNode many =
        JSON.readTree(ask(of("'q':{'type':'choice','criteria':{" + options + "}}")).body());
    assertThat(many.get("detail")).hasSize(20);
  }

  @Test
  void questionsOptionsAndTokensAreBounded() throws Exception {
    String nine =
        IntStream.range(0, 9)
            .mapToObj(i -> "'q%d':%s".formatted(i, NOUL))
            .collect(Collectors.joining(","));
    assertThat(ask(of(nine)).body())
        .contains("must have at most 8 questions (diptych.decisions.max-questions). Given: 9");
    String options =
        IntStream.range(0, 256)
            .mapToObj(i -> "'o%d':null".formatted(i))
            .collect(Collectors.joining(","));
    assertThat(ask(of("'q':{'type':'choice','criteria':{" + options + "}}")).body())
        .contains("must have at most 255 options. Given: 256");
    HttpResponse<String> tooLong =
        ask("{'state':'%s','questions':{'q':%s}}".formatted("a".repeat(3_000), NOUL));
    assertThat(tooLong.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(tooLong.body()).at("/detail/0/type").stringValue())
        .isEqualTo("too_long");
    assertThat(tooLong.body()).contains("must have at most 1999 tokens. Given: 3");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    HttpResponse<String> response =
        ask("{'model':'other','state':'a','questions':{'q':%s}}".formatted(NOUL));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .isEqualTo(
            "{\"detail\":{\"error_type\":\"not_found_error\",\"message\":\"there is no model"
                + " `other` for decisions; there is `org/words@main`\"}}");
  }

  @Test
  void aRequestWithoutAPlaceIsToldWhenToComeBack() throws Exception {
    decoder.byHand();
    try (Generation _ = generator.start(GenerationRequest.greedy("a", 5));
        Generation _ = generator.start(GenerationRequest.greedy("b", 5))) {
      HttpResponse<String> response = ask(of("'q':" + NOUL));

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      assertThat(JSON.readTree(response.body()).at("/detail/error_type").stringValue())
          .isEqualTo("rate_limit_error");
    }
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    HttpResponse<String> response =
        http.send("/v1/systemone", new byte[] {}, "content-type", "text/plain");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(JSON.readTree(response.body()).at("/detail/message").stringValue())
        .contains("must be application/json");
  }
}
