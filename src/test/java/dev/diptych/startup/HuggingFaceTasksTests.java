package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.http.DescribedSchema;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hugging Face's tasks of the whole service, with a model for each, held against their description.
 */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=",
      "diptych.models.fill-mask=",
      "diptych.models.embed=",
      "diptych.models.tag=src/test/resources/families/bert-ner",
      "diptych.models.answer=src/test/resources/families/bert-squad",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class HuggingFaceTasksTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;

  private HttpCaller http;
  private JsonNode document;

  @BeforeEach
  void readIt() throws Exception {
    http = new HttpCaller(port);
    while (http.get("/health").statusCode() != 200) {
      Thread.onSpinWait();
    }
    document = JSON.readTree(http.get("/api-doc/openapi.json").body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          200 | /token-classification | {'inputs':'Paris is warm.'}
          200 | /token-classification | {'inputs':['Paris is warm.','a'],'parameters':{'aggregation_strategy':'max','ignore_labels':[],'stride':3}}
          200 | /token-classification | {'inputs':'a','parameters':{'aggregation_strategy':null,'ignore_labels':'O','stride':null},'model':null}
          422 | /token-classification | {'inputs':'a','parameters':{'aggregation_strategy':'mean'}}
          422 | /token-classification | {'inputs':'a','parameters':{'stride':-1}}
          422 | /token-classification | {'inputs':''}
          422 | /token-classification | {'inputs':[]}
          200 | /question-answering   | {'inputs':{'question':'Where?','context':'Paris is warm.'}}
          200 | /question-answering   | {'inputs':{'question':'Where?','context':'Paris is warm.'},'parameters':{'top_k':3,'handle_impossible_answer':true}}
          200 | /question-answering   | {'inputs':[{'question':'Where?','context':'Paris is warm.'},{'question':'Who?','context':'A cat.'}]}
          200 | /question-answering   | {'inputs':{'question':'Where?','context':'Paris'},'parameters':{'top_k':null,'doc_stride':null,'max_seq_len':null,'max_answer_len':null,'max_question_len':null,'align_to_words':null,'handle_impossible_answer':null}}
          422 | /question-answering   | {'inputs':{'question':'','context':'a'}}
          422 | /question-answering   | {'inputs':{'question':'a'}}
          422 | /question-answering   | {'inputs':[]}
          422 | /question-answering   | {'inputs':{'question':'a','context':'b'},'parameters':{'top_k':0}}
          422 | /question-answering   | {'inputs':{'question':'a','context':'b'},'parameters':{'top_k':1001}}
          422 | /question-answering   | {'inputs':{'question':'a','context':'b'},'parameters':{'doc_stride':-1}}
          """)
  void requestsAndAnswersAreAsDescribed(int status, String path, String body) throws Exception {
    String json = body.replace('\'', '"');
    JsonNode operation = document.path("paths").path(path).path("post");
    JsonNode request = operation.at("/requestBody/content/application~1json/schema");

    HttpResponse<String> answer = http.post(path, json);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    List<String> wrong = violations(request, json);
    assertThat(wrong.isEmpty()).as(wrong.toString()).isEqualTo(status == 200);
    JsonNode described =
        operation.at("/responses/%d/content/application~1json/schema".formatted(status));
    assertThat(described.isMissingNode()).isFalse();
    assertThat(violations(described, answer.body())).as(answer.body()).isEmpty();
  }

  private List<String> violations(JsonNode schema, String json) {
    return new DescribedSchema(document, schema).violations(JSON.readTree(json));
  }
}
