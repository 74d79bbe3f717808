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
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.tag=src/test/resources/families/bert-ner",
      "diptych.models.answer=src/test/resources/families/bert-squad",
      "diptych.models.classify=src/test/resources/families/deberta-nli",
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
          200 | /text-classification  | {'inputs':'a'}
          200 | /text-classification  | {'inputs':{'text':'a','text_pair':'b'},'parameters':{'top_k':1,'function_to_apply':'none'}}
          200 | /text-classification  | {'inputs':['a',{'text':'a','text_pair':null}],'parameters':{'top_k':null,'function_to_apply':null}}
          422 | /text-classification  | {'inputs':{'text':''}}
          422 | /text-classification  | {'inputs':['']}
          422 | /text-classification  | {'inputs':{}}
          422 | /text-classification  | {'inputs':[{'text_pair':'a'}]}
          422 | /text-classification  | {'inputs':[['a','b']]}
          422 | /text-classification  | {'inputs':'a','parameters':{'top_k':0}}
          422 | /text-classification  | {'inputs':'a','parameters':{'function_to_apply':'exp'}}
          200 | /zero-shot-classification | {'inputs':'a','parameters':{'candidate_labels':['b','c']}}
          200 | /zero-shot-classification | {'inputs':['a','b'],'parameters':{'candidate_labels':'b,c','hypothesis_template':'{0}?','multi_label':true}}
          200 | /zero-shot-classification | {'inputs':'a','parameters':{'candidate_labels':['b'],'hypothesis_template':null,'multi_label':null}}
          422 | /zero-shot-classification | {'inputs':'a'}
          422 | /zero-shot-classification | {'inputs':'a','parameters':{}}
          422 | /zero-shot-classification | {'inputs':'a','parameters':{'candidate_labels':[]}}
          422 | /zero-shot-classification | {'inputs':'a','parameters':{'candidate_labels':5}}
          422 | /zero-shot-classification | {'inputs':'','parameters':{'candidate_labels':['b']}}
          200 | /feature-extraction   | {'inputs':'a'}
          200 | /feature-extraction   | {'inputs':['a','b'],'normalize':null,'prompt_name':null,'truncate':true,'truncation_direction':'left','dimensions':3,'encoding_format':'float','model':null}
          422 | /feature-extraction   | {'inputs':[]}
          422 | /feature-extraction   | {'inputs':[5]}
          422 | /feature-extraction   | {'inputs':'a','encoding_format':'base64'}
          422 | /feature-extraction   | {'inputs':'a','dimensions':0}
          200 | /sentence-similarity  | {'inputs':{'source_sentence':'a','sentences':['b','c']},'parameters':{}}
          422 | /sentence-similarity  | {'inputs':{'source_sentence':'a','sentences':[]}}
          422 | /sentence-similarity  | {'inputs':{'sentences':['b']}}
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
