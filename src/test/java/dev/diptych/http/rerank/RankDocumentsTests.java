package dev.diptych.http.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.tasks.Ranker;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
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
    classes = RankTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class RankDocumentsTests {

  private static final String DOCUMENTS = "'query':'the dog','documents':['cat','dog','mat']";

  @LocalServerPort private int port;
  @Autowired private Served<Ranker> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.post(path, body.replace('\'', '"'));
  }

  private JsonNode answer(String path, String body) throws Exception {
    HttpResponse<String> response = post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  private static double[] scores(JsonNode results) {
    return results
        .valueStream()
        .mapToDouble(result -> result.get("relevance_score").doubleValue())
        .toArray();
  }

  @Test
  void jinasAnswerHasTheDocumentsBestFirstWithTheirTexts() throws Exception {
    JsonNode answer = answer("/v1/rerank", "{%s}".formatted(DOCUMENTS));

    assertThat(answer.propertyNames()).containsExactly("id", "model", "object", "usage", "results");
    assertThat(answer.get("model").stringValue()).isEqualTo("org/ranker@main");
    assertThat(answer.get("object").stringValue()).isEqualTo("list");
    assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(3 * (1 + 2 + 1 + 1 + 1));
    assertThat(answer.at("/usage/total_tokens")).isEqualTo(answer.at("/usage/prompt_tokens"));
    assertThat(scores(answer.get("results"))).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    List<String> texts = List.of("cat", "dog", "mat");
    for (JsonNode result : answer.get("results")) {
      assertThat(result.propertyNames()).containsExactly("index", "relevance_score", "document");
      assertThat(result.at("/document/text").stringValue())
          .isEqualTo(texts.get(result.get("index").intValue()));
    }
  }

  @Test
  void coheresAnswerHasTheBestByTheirPlaces() throws Exception {
    JsonNode answer = answer("/v2/rerank", "{%s,'model':'org/ranker'}".formatted(DOCUMENTS));

    assertThat(answer.propertyNames()).containsExactly("id", "results", "meta");
    assertThat(answer.get("results"))
        .isEqualTo(
            answer("/v1/rerank", "{%s,'return_documents':false}".formatted(DOCUMENTS))
                .get("results"));
    assertThat(answer.at("/results/0").propertyNames()).containsExactly("index", "relevance_score");
    assertThat(answer.at("/meta/api_version/version").stringValue()).isEqualTo("2");
    assertThat(answer.at("/meta/billed_units/search_units").intValue()).isEqualTo(1);
    assertThat(answer.at("/meta/tokens/input_tokens").intValue()).isEqualTo(18);
  }

  @Test
  void aHundredDocumentsAreOneSearchUnit() throws Exception {
    for (int documents : new int[] {100, 101}) {
      String list = String.join(",", Collections.nCopies(documents, "'cat'"));
      assertThat(
              answer("/v2/rerank", "{'query':'dog','documents':[%s]}".formatted(list))
                  .at("/meta/billed_units/search_units")
                  .intValue())
          .isEqualTo((documents + 99) / 100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank"})
  void onlyTheBestAreToldWhereSoManyAreAskedFor(String path) throws Exception {
    JsonNode all = answer(path, "{%s}".formatted(DOCUMENTS)).get("results");
    JsonNode two = answer(path, "{%s,'top_n':2}".formatted(DOCUMENTS)).get("results");

    assertThat(two.valueStream()).containsExactly(all.get(0), all.get(1));
    assertThat(answer(path, "{%s,'top_n':9}".formatted(DOCUMENTS)).get("results")).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank"})
  void objectsAreRankedByTheirTexts(String path) throws Exception {
    JsonNode objects =
        answer(
            path,
            "{'query':'the dog','documents':[{'id':{'a':[1]},'text':'cat'},'dog',{'text':'mat'}],"
                + "'return_documents':true}");

    assertThat(objects.get("results"))
        .isEqualTo(
            answer(path, "{%s,'return_documents':true}".formatted(DOCUMENTS)).get("results"));
  }

  @Test
  void documentsAreCutToTheTokensThatARequestLeavesThem() throws Exception {
    String query = "{'query':'the dog','documents':['the cat %s','mat'],'max_tokens_per_doc':2}";

    assertThat(answer("/v2/rerank", query.formatted("sat on the mat")).get("results"))
        .isEqualTo(answer("/v2/rerank", query.formatted("")).get("results"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'query':'a','documents':[]}                      | `documents` cannot be empty
          {'query':'','documents':['a']}                    | `query` cannot be empty
          {'query':'a','documents':'b'}                     | `documents` must be a list of strings, or of objects with a string as `text`
          {'query':'a','documents':[5]}                     | `documents` must be a list of strings, or of objects
          {'query':'a','documents':[{'title':'b'}]}         | `documents` must be a list of strings, or of objects
          {'query':'a','documents':[{'text':5}]}            | `documents` must be a list of strings, or of objects
          {'query':'a','documents':[{'text':null}]}         | `documents` must be a list of strings, or of objects
          {'query':'a','documents':[['b']]}                 | `documents` must be a list of strings, or of objects
          {'query':'a'}                                     | missing field `documents`
          {'documents':['a']}                               | missing field `query`
          {'query':5,'documents':['a']}                     | `query` must be a string
          {'query':'a','documents':['b'],'top_n':0}         | `top_n` must be at least 1. Given: 0
          {'query':'a','documents':['b'],'top_n':-3}        | `top_n` must be at least 1. Given: -3
          {'query':'a','documents':['b'],'top_n':'2'}       | `top_n` must be an integer
          {'query':'a','documents':['b']                    | the body is not JSON
          """)
  void refusesWhatItCannotRankInTheBodyOfEachDialect(String body, String message) throws Exception {
    HttpResponse<String> jina = post("/v1/rerank", body);
    HttpResponse<String> cohere = post("/v2/rerank", body);

    assertThat(jina.statusCode()).as(jina.body()).isEqualTo(400);
    JsonNode error = JsonMapper.shared().readTree(jina.body()).get("error");
    assertThat(error.get("message").stringValue()).contains(message);
    assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(cohere.statusCode()).as(cohere.body()).isEqualTo(400);
    JsonNode plain = JsonMapper.shared().readTree(cohere.body());
    assertThat(plain.propertyNames()).containsExactly("message");
    assertThat(plain.get("message").stringValue()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /v1/rerank | 'rank_fields':['title']      | `rank_fields` must be ["text"]
          /v1/rerank | 'max_chunks_per_doc':3       | `max_chunks_per_doc` is not supported
          /v2/rerank | 'priority':5                 | `priority` must be 0
          /v2/rerank | 'relevant_spans':{}          | `relevant_spans` is not supported
          /v2/rerank | 'max_tokens_per_doc':0       | `max_tokens_per_doc` must be at least 1. Given: 0
          """)
  void refusesByNameWhatItDoesNotDo(String path, String field, String message) throws Exception {
    HttpResponse<String> refused = post(path, "{%s,%s}".formatted(DOCUMENTS, field));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body().replace("\\\"", "\"")).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /v1/rerank | 'rank_fields':['text'],'max_chunks_per_doc':null
          /v2/rerank | 'priority':0,'relevant_spans':null,'max_tokens_per_doc':null,'top_n':null,'model':''
          """)
  void takesFieldsThatSayWhatItDoesAnyway(String path, String fields) throws Exception {
    assertThat(answer(path, "{%s,%s}".formatted(DOCUMENTS, fields)).get("results"))
        .isEqualTo(answer(path, "{%s}".formatted(DOCUMENTS)).get("results"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank"})
  void aModelThatThereIsNotIsNotFound(String path) throws Exception {
    HttpResponse<String> response = post(path, "{%s,'model':'other'}".formatted(DOCUMENTS));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .contains("there is no model `other` for rank; there is `org/ranker@main`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rerank", "/v2/rerank"})
  void aModelThatIsComingIsSaidToBe(String path) throws Exception {
    Served.State<Ranker> ready = served.state();
    served.become(new Served.Coming<>("downloading"));
    try {
      HttpResponse<String> response = post(path, "{%s}".formatted(DOCUMENTS));

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).hasValue("5");
      assertThat(response.body()).contains("downloading");
    } finally {
      served.become(ready);
    }
  }

  @Test
  void aBodyThatIsNotJsonIsRefusedInTheBodyOfTheDialect() throws Exception {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> response =
        http.send("/v2/rerank", body, "content-type", "application/xml");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body())
        .isEqualTo("{\"message\":\"the body must be application/json. Given: application/xml\"}");
  }
}
