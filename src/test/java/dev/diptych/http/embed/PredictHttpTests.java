package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.tasks.TextClassifier;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class PredictHttpTests {

  @LocalServerPort private int port;
  @Autowired private Served<TextClassifier> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  private HttpResponse<String> post(String body) throws Exception {
    return http.post("/predict", body.replace('\'', '"'));
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  private static double[] scores(JsonNode labels) {
    return labels.valueStream().mapToDouble(label -> label.get("score").doubleValue()).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'the cat'", "['the cat']", "['the cat', 'sat']", "['', 'sat']"})
  void aSingleTextOrPairHasOneListOfItsLabelsBestFirst(String inputs) throws Exception {
    JsonNode labels = answer("{'inputs':%s}".formatted(inputs));

    assertThat(labels.valueStream().map(label -> label.get("label").stringValue()))
        .containsExactlyInAnyOrder("negative", "neutral", "positive");
    assertThat(scores(labels)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(DoubleStream.of(scores(labels)).sum()).isCloseTo(1, within(1e-6));
    assertThat(labels.get(0).propertyNames()).containsExactly("score", "label");
  }

  @Test
  void aBatchMayMixTextsAndPairsAndHasAListForEach() throws Exception {
    JsonNode batch = answer("{'inputs':[['the cat'],['the cat','sat'],['dog']]}");

    assertThat(batch.size()).isEqualTo(3);
    assertThat(batch.get(0)).isEqualTo(answer("{'inputs':'the cat'}"));
    assertThat(batch.get(1)).isEqualTo(answer("{'inputs':['the cat','sat']}"));
    assertThat(batch.get(2)).isEqualTo(answer("{'inputs':['dog']}"));
    assertThat(answer("{'inputs':[['dog']]}").get(0).isArray()).isTrue();
  }

  @Test
  void rawScoresAreTheLogits() throws Exception {
    JsonNode raw = answer("{'inputs':'the cat','raw_scores':true}");
    JsonNode scores = answer("{'inputs':'the cat','raw_scores':false}");

    double[] logits = scores(raw);
    double sum = DoubleStream.of(logits).map(Math::exp).sum();
    double[] expected = DoubleStream.of(logits).map(logit -> Math.exp(logit) / sum).toArray();
    assertThat(scores(scores)).containsExactly(expected, within(1e-6));
    assertThat(raw.at("/0/label")).isEqualTo(scores.at("/0/label"));
  }

  @Test
  void whatIsTooLongIsCutUnlessTheRequestForbidsIt() throws Exception {
    String words = "cat ".repeat(300);

    assertThat(post("{'inputs':'%s'}".formatted(words)).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = post("{'inputs':'%s','truncate':false}".formatted(words));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":\"Input validation error: `inputs` must have at most 256 tokens. Given:"
                + " 302\",\"error_type\":\"Validation\"}");
    assertThat(answer("{'inputs':'dog %s','truncation_direction':'left'}".formatted(words)))
        .isEqualTo(answer("{'inputs':'%s'}".formatted(words)));
  }

  @Test
  void saysWhatItCost() throws Exception {
    HttpResponse<String> response = post("{'inputs':[['the cat'],['a','b']]}");

    assertThat(response.headers().firstValue("x-compute-tokens")).hasValue("9");
    assertThat(response.headers().firstValue("x-compute-characters")).hasValue("9");
    assertThat(response.headers().firstValue("x-compute-type")).hasValue("cpu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'inputs':['a','b','c']}         | must be a string, a list of one or two strings
          {'inputs':[['a','b','c']]}       | must be a string, a list of one or two strings
          {'inputs':[[]]}                  | must be a string, a list of one or two strings
          {'inputs':['a',['b']]}           | must be a string, a list of one or two strings
          {'inputs':[['a'],'b']}           | must be a string, a list of one or two strings
          {'inputs':[[['a']]]}             | must be a string, a list of one or two strings
          {'inputs':5}                     | must be a string, a list of one or two strings
          {'inputs':null}                  | missing field `inputs`
          {}                               | missing field `inputs`
          {'inputs':'a','raw_scores':'no'} | `raw_scores` must be true or false
          """)
  void refusesOtherFormsInPlainText(String body, String message) throws Exception {
    HttpResponse<String> response = post(body);

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.headers().firstValue("content-type").orElseThrow()).contains("text/plain");
    assertThat(response.body()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "['']", "['','']", "[]", "[['a'],['']]"})
  void refusesNothingToClassify(String inputs) throws Exception {
    HttpResponse<String> response = post("{'inputs':%s}".formatted(inputs));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":\"Input validation error: `inputs` cannot be empty\","
                + "\"error_type\":\"Empty\"}");
  }

  @Test
  void aRequestMayNameTheModel() throws Exception {
    assertThat(answer("{'inputs':'a','model':'org/classifier'}"))
        .isEqualTo(answer("{'inputs':'a'}"));

    HttpResponse<String> unknown = post("{'inputs':'a','model':'bert'}");
    assertThat(unknown.statusCode()).isEqualTo(422);
    assertThat(unknown.body())
        .contains("there is no model `bert` for classify; there is `org/classifier@main`");
  }

  @Test
  void aModelThatIsComingIsSaidToBe() throws Exception {
    Served.State<TextClassifier> ready = served.state();
    served.become(new Served.Coming<>("downloading"));
    try {
      assertThat(post("{'inputs':'a'}").statusCode()).isEqualTo(503);
    } finally {
      served.become(ready);
    }
  }

  @Test
  void moreTextsThanTheSettingAllowsAreRefused() throws Exception {
    HttpResponse<String> response =
        post("{'inputs':[%s]}".formatted(String.join(",", Collections.nCopies(33, "['a']"))));

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .startsWith("{\"error\":\"batch size 33 > maximum allowed batch size 32");
  }
}
