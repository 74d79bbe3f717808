package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class EmbedSparseHttpTests {

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = http.post("/embed_sparse", body.replace('\'', '"'));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  @Test
  void everyTextHasItsNumbersAboveZeroByRisingIndices() throws Exception {
    JsonNode vector = answer("{'inputs':'the cat'}").get(0);

    assertThat(vector.size()).isPositive();
    int last = -1;
    for (JsonNode number : vector) {
      assertThat(number.propertyNames()).containsExactly("index", "value");
      assertThat(number.get("index").intValue()).isGreaterThan(last);
      assertThat(number.get("value").floatValue()).isPositive();
      last = number.get("index").intValue();
    }
  }

  @Test
  void aBatchIsAnsweredAsItsTextsAlone() throws Exception {
    JsonNode batch = answer("{'inputs':['the cat',[1996,3899]],'truncation_direction':'left'}");

    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.get(0)).isEqualTo(answer("{'inputs':'the cat'}").get(0));
    assertThat(batch.get(1)).isEqualTo(answer("{'inputs':[1996,3899]}").get(0));
  }

  @Test
  void anAnswerThatNoMemoryHasRoomForIsRefused() throws Exception {
    HttpResponse<String> response =
        http.post("/embed_sparse", "{\"inputs\":[\"a\"" + ",\"a\"".repeat(31) + "]}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).contains("diptych.encoding.answer-memory");
    assertThat(answer("{'inputs':'the cat'}").size()).isEqualTo(1);
  }
}
