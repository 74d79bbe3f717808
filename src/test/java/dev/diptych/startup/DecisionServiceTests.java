package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.DiptychApplication;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Decisions of the whole service, against what transformers makes of the same prompts. */
@SpringBootTest( // as StartupTests, so that both share a service
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=src/test/resources/checkpoints/llama-tied",
      "diptych.models.fill-mask=src/test/resources/checkpoints/bert",
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class DecisionServiceTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() throws Exception {
    http = new HttpCaller(port);
    while (http.get("/health").statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  private JsonNode answers(String questions) throws Exception {
    HttpResponse<String> response =
        http.post(
            "/v1/systemone",
            "{\"state\":\"The cat sat on the mat.\",\"questions\":{%s}}".formatted(questions));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).get("answers");
  }

  @Test
  void theDecoderReadsLabelsAsTransformersDoes() throws Exception {
    JsonNode answers =
        answers(
            """
            "c": {"type": "choice", "instructions": "Which animal?",
                  "criteria": {"cat": "it purrs", "dog": null, "bird": null}},
            "s": {"type": "score", "instructions": "How calm is it?",
                  "criteria": ["low", "mid", "high"]}\
            """);

    // of the labels A, B, C behind the options in two orders: cat, dog, bird and dog, bird, cat
    double[] first = {0.13441292885761452, 0.45596193404071556, 0.40962513710166987};
    double[] second = {0.3368001519313751, 0.46162856893915, 0.20157127912947484};
    double cat = Math.sqrt(first[0] * second[2]);
    double dog = Math.sqrt(first[1] * second[0]);
    double bird = Math.sqrt(first[2] * second[1]);
    JsonNode choice = answers.get("c");
    assertThat(choice.at("/probabilities/cat").doubleValue())
        .isCloseTo(cat / (cat + dog + bird), within(1e-4));
    assertThat(choice.at("/probabilities/dog").doubleValue())
        .isCloseTo(dog / (cat + dog + bird), within(1e-4));
    assertThat(choice.at("/probabilities/bird").doubleValue())
        .isCloseTo(bird / (cat + dog + bird), within(1e-4));
    assertThat(choice.get("x_label_mass").doubleValue())
        .isCloseTo((0.000776155000626973 + 0.0010354567766517255) / 2, within(1e-7));
    JsonNode score = answers.get("s");
    assertThat(score.at("/probabilities/0").doubleValue())
        .isCloseTo(0.15070101466748442, within(1e-4));
    assertThat(score.at("/probabilities/2").doubleValue())
        .isCloseTo(0.8262110337503287, within(1e-4));
    assertThat(score.get("score").doubleValue())
        .isCloseTo(0.023087951582186825 + 2 * 0.8262110337503287, within(1e-4));
  }

  @Test
  void theEncoderFillsMasksAsTransformersDoesAndTakesOnesOfTheStateForText() throws Exception {
    HttpResponse<String> response =
        http.post(
            "/v1/systemone",
            """
            {"model": "encoder", "state": "The cat [MASK] on the mat.", "questions": {
               "c": {"type": "choice", "instructions": "Which animal?",
                     "criteria": {"cat": "it purrs", "dog": null, "bird": null}},
               "n": {"type": "noul", "instructions": "Is it a cat?"},
               "s": {"type": "score", "instructions": "How calm is it?",
                     "criteria": ["low", "mid", "high"]}}}\
            """);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.get("model").stringValue()).isEqualTo("src/test/resources/checkpoints/bert");
    JsonNode answers = body.get("answers");
    assertThat(answers.at("/c/probabilities/cat").doubleValue())
        .isCloseTo(0.22898777838249312, within(1e-4));
    assertThat(answers.at("/c/probabilities/dog").doubleValue())
        .isCloseTo(0.4295178396036587, within(1e-4));
    assertThat(answers.at("/n/noul").doubleValue()).isCloseTo(0.37244351957844907, within(1e-4));
    assertThat(answers.at("/s/probabilities/2").doubleValue())
        .isCloseTo(0.7121380962445009, within(1e-4));
    assertThat(answers.get("n").propertyNames()).containsExactly("type", "noul");
  }

  @Test
  void bothHalvesAnswerSideBySideWhatEachAnswersAlone() throws Exception {
    String question =
        """
        "state": "The cat sat.", "questions": {"q": {"type": "score", "instructions": "How calm?",
          "criteria": ["low", "mid", "high"]}}}\
        """;

    HttpResponse<String> response = http.post("/compare", "{" + question);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode both = JSON.readTree(response.body());
    for (String half : new String[] {"decoder", "encoder"}) {
      JsonNode alone =
          JSON.readTree(
              http.post("/v1/systemone", "{\"model\": \"%s\", ".formatted(half) + question).body());
      assertThat(both.at("/" + half + "/model")).isEqualTo(alone.get("model"));
      assertThat(both.at("/" + half + "/milliseconds").doubleValue()).isPositive();
      assertThat(both.at("/answers/q/" + half)).isEqualTo(alone.at("/answers/q"));
      assertThat(both.at("/answers/q/confidence/" + half))
          .isEqualTo(alone.at("/answers/q/confidence"));
    }
    assertThat(both.at("/decoder/how").stringValue()).isEqualTo("labels");
    assertThat(both.at("/encoder/how").stringValue()).isEqualTo("cloze");
    assertThat(both.at("/answers/q/agree").isBoolean()).isTrue();
  }

  @Test
  void aComparisonNamesItsModelsByHalf() throws Exception {
    String questions =
        "\"state\":\"a\",\"questions\":{\"q\":{\"type\":\"score\",\"criteria\":[\"x\",\"y\"]}}}";

    assertThat(http.post("/compare", "{\"model\":\"bert\"," + questions).statusCode())
        .isEqualTo(422);
    assertThat(http.post("/compare", "{\"decoder\":\"bert\"," + questions).statusCode())
        .isEqualTo(404);
    assertThat(
            http.post(
                    "/compare",
                    "{\"decoder\":\"src/test/resources/checkpoints/llama-tied\"," + questions)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aModelWhoseTokenizerHasNoWordForYesCannotSayIt() throws Exception {
    HttpResponse<String> response =
        http.post(
            "/v1/systemone",
            "{\"state\":\"a\",\"questions\":{\"q\":{\"type\":\"noul\",\"instructions\":\"b\"}}}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(response.body()).at("/detail/0/msg").stringValue())
        .contains("its tokenizer has no more labels of one token");
  }
}
