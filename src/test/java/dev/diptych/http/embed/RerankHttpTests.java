package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import dev.diptych.tasks.FakeTasks;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class RerankHttpTests {

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  private HttpResponse<String> post(String body) throws Exception {
    return http.post("/rerank", body.replace('\'', '"'));
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  private static double[] scores(JsonNode ranks) {
    return ranks.valueStream().mapToDouble(rank -> rank.get("score").doubleValue()).toArray();
  }

  private static String texts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'the cat w" + (2000 + i) + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void textsComeBackByTheirPlacesBestFirst() throws Exception {
    JsonNode ranks = answer("{'query':'the dog','texts':['cat','dog','mat','sat']}");

    assertThat(ranks.valueStream().map(rank -> rank.get("index").intValue()))
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(scores(ranks)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    for (double score : scores(ranks)) {
      assertThat(score).isBetween(0.0, 1.0);
    }
    assertThat(ranks.get(0).propertyNames()).containsExactly("index", "score");
  }

  @Test
  void textsAreToldWhereTheyAreAskedFor() throws Exception {
    JsonNode ranks = answer("{'query':'the dog','texts':['cat','dog'],'return_text':true}");

    for (JsonNode rank : ranks) {
      assertThat(rank.propertyNames()).containsExactly("index", "text", "score");
      assertThat(rank.get("text").stringValue())
          .isEqualTo(rank.get("index").intValue() == 0 ? "cat" : "dog");
    }
  }

  @Test
  void rawScoresAreTheLogits() throws Exception {
    double[] raw = scores(answer("{'query':'the dog','texts':['cat','dog'],'raw_scores':true}"));
    double[] scores = scores(answer("{'query':'the dog','texts':['cat','dog']}"));

    for (int i = 0; i < raw.length; i++) {
      assertThat(scores[i]).isCloseTo(1 / (1 + Math.exp(-raw[i])), within(1e-6));
    }
  }

  @Test
  void hundredsOfTextsAreRankedAsEachAlone() throws Exception {
    JsonNode ranks = answer("{'query':'the dog','texts':%s}".formatted(texts(300)));

    assertThat(ranks.size()).isEqualTo(300);
    for (int i = 0; i < 300; i += 60) {
      int index = ranks.get(i).get("index").intValue();
      JsonNode alone =
          answer("{'query':'the dog','texts':['the cat w%d']}".formatted(2000 + index));
      assertThat(alone.get(0).get("score")).isEqualTo(ranks.get(i).get("score"));
    }
  }

  @Test
  void moreTextsThanTheSettingAllowsAreRefused() throws Exception {
    HttpResponse<String> response =
        post("{'query':'dog','texts':%s}".formatted(texts(FakeTasks.MOST_RANKED + 1)));

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":\"batch size 1001 > maximum allowed batch size 1000"
                + " (diptych.encoding.max-ranked-texts)\",\"error_type\":\"Validation\"}");
  }

  @Test
  void saysWhatItCostWithTheQueryInEachPair() throws Exception {
    HttpResponse<String> response = post("{'query':'the dog','texts':['cat','the mat']}");

    assertThat(response.headers().firstValue("x-compute-characters")).hasValue("24");
    assertThat(response.headers().firstValue("x-compute-tokens")).hasValue("13");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          400 | {'query':'a','texts':[]}               | `texts` cannot be empty
          400 | {'query':'','texts':['a','']}          | `query` and a text cannot both be empty
          422 | {'query':'a','texts':'b'}              | `texts` must be a list of strings
          422 | {'query':'a','texts':[5]}              | `texts` must be a list of strings
          422 | {'query':'a'}                          | missing field `texts`
          422 | {'texts':['a']}                        | missing field `query`
          422 | {'query':5,'texts':['a']}              | `query` must be a string
          422 | {'query':'a','texts':['b'],'model':'x'} | there is no model `x` for rank; there is `org/ranker@main`
          """)
  void refusesWhatItCannotRank(int status, String body, String message) throws Exception {
    HttpResponse<String> response = post(body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.body()).contains(message);
  }

  @Test
  void whatIsTooLongIsRefusedWhereItMustNotBeCut() throws Exception {
    String body = "{'query':'dog','texts':['%s'],'truncate':%s}";
    String words = "cat ".repeat(300);

    assertThat(post(body.formatted(words, true)).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = post(body.formatted(words, false));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("at most 256 tokens together, special ones included. Given: 304");
  }
}
