package dev.diptych.http.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Permits;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.tasks.Tagger;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class TokenClassificationHttpTests {

  private static final String PATH = "/token-classification";
  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;

  @Autowired
  @Qualifier("taggerEncoder")
  private HeadedEncoder encoder;

  @Autowired private Served<Tagger> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void tellsEachTokenUnlessEntitiesAreAskedFor() throws Exception {
    JsonNode tokens = tag("{\"inputs\":\"the cat sat\",\"parameters\":{\"ignore_labels\":[]}}");

    assertThat(tokens.size()).isEqualTo(3);
    assertThat(tokens.get(1).propertyNames())
        .containsExactly("entity", "score", "index", "word", "start", "end");
    assertThat(tokens.get(1).get("word").stringValue()).isEqualTo("cat");
    assertThat(tokens.get(1).get("index").intValue()).isEqualTo(2);
    assertThat(tokens.get(1).get("start").intValue()).isEqualTo(4);
  }

  @Test
  void groupsTokensToEntities() throws Exception {
    JsonNode entities =
        tag(
            "{\"inputs\":\"the cat sat\",\"parameters\":{\"aggregation_strategy\":\"simple\","
                + "\"ignore_labels\":[]}}");

    assertThat(entities.get(0).propertyNames())
        .containsExactly("entity_group", "score", "word", "start", "end");
    assertThat(entities.get(entities.size() - 1).get("end").intValue()).isEqualTo(11);
  }

  @Test
  void answersAListAsAListAndATextAlone() throws Exception {
    JsonNode alone = tag("{\"inputs\":\"the cat sat\"}");
    JsonNode list = tag("{\"inputs\":[\"the cat sat\"]}");
    JsonNode two = tag("{\"inputs\":[\"the cat sat\",\"the cat sat\"]}");

    assertThat(list.size()).isEqualTo(1);
    assertThat(list.get(0)).isEqualTo(alone);
    assertThat(two.get(1)).isEqualTo(alone);
  }

  @Test
  void countsCodePoints() throws Exception {
    JsonNode tokens =
        tag("{\"inputs\":\"\ud83d\ude42 cat\",\"parameters\":{\"ignore_labels\":[]}}");

    assertThat(tokens.get(0).get("end").intValue()).isEqualTo(1);
    assertThat(tokens.get(1).get("start").intValue()).isEqualTo(2);
  }

  @Test
  void seesLongTextsInWindows() throws Exception {
    String text = "w200 ".repeat(100).trim();
    String body = "{\"inputs\":\"%s\",\"parameters\":{\"ignore_labels\":[],\"stride\":%s}}";

    JsonNode all = tag(body.formatted(text, "5"));
    JsonNode beginning = tag(body.formatted(text, "null"));

    assertThat(all.size()).isEqualTo(100);
    assertThat(beginning.size()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{\"inputs\":\"\"}|422|cannot be empty",
        "{\"inputs\":[]}|422|cannot be empty",
        "{\"inputs\":[\"a\",\"\"]}|422|cannot be empty",
        "{\"inputs\":5}|422|`inputs` must be a string or a list of strings",
        "{}|422|`inputs` is missing",
        "{\"inputs\":\"a\",\"parameters\":{\"stride\":-1}}|422|`stride` must be from 0 to 29",
        "{\"inputs\":\"a\",\"parameters\":{\"stride\":30}}|422|`stride` must be from 0 to 29",
        "{\"inputs\":\"a\",\"parameters\":{\"stride\":2.5}}|422|`parameters.stride`",
        "{\"inputs\":\"a\",\"parameters\":{\"aggregation_strategy\":\"most\"}}|422|`parameters.aggregation_strategy`",
        "{\"inputs\":\"a\",\"parameters\":{\"ignore_labels\":[5]}}|422|`parameters.ignore_labels`",
        "{\"inputs\":\"a\",\"model\":\"other\"}|422|there is `fake-tagger`",
        "{\"inputs\":|400|not JSON",
      })
  void refusesWhatItCannotAnswer(String body, int status, String message) throws Exception {
    HttpResponse<String> response = http.post(PATH, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body());
    assertThat(error.get("error").stringValue()).contains(message).doesNotContain("java.");
    assertThat(error.get("error_type").stringValue()).isEqualTo("validation");
  }

  @Test
  void refusesMoreWindowsThanARequestMayHave() throws Exception {
    String text = "w200 ".repeat(1_200).trim();
    String body = "{\"inputs\":[%s],\"parameters\":{\"stride\":29}}";

    HttpResponse<String> one = http.post(PATH, body.formatted("\"" + text + "\""));
    HttpResponse<String> several =
        http.post(PATH, body.formatted("\"%s\",\"%1$s\"".formatted("w200 ".repeat(100).trim())));

    assertThat(one.statusCode()).as(one.body()).isEqualTo(422);
    assertThat(one.body()).contains("at most 128 windows in all");
    assertThat(several.statusCode()).as(several.body()).isEqualTo(422);
    assertThat(several.body()).contains("at most 128 windows in all. Given: 142");
  }

  @Test
  void refusesAtOnceWithRetryAfterWhenNoPlaceIsFree() throws Exception {
    try (Permits _ = encoder.engine().admit(HuggingFaceTestApplication.MAX_CONCURRENT_INPUTS)) {
      HttpResponse<String> response = http.post(PATH, "{\"inputs\":\"a\"}");

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
      assertThat(response.body()).contains("\"error_type\":\"overloaded\"");
    }
  }

  @Test
  void saysWhichSettingBringsAModel() throws Exception {
    served.become(new Served.Off<>());
    try {
      HttpResponse<String> response = http.post(PATH, "{\"inputs\":\"a\"}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("diptych.models.tag is empty");
    } finally {
      served.become(new Served.Ready<>(new Tagger(encoder)));
    }
  }

  private JsonNode tag(String body) throws Exception {
    HttpResponse<String> response = http.post(PATH, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
