package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.http.DescribedSchema;
import dev.diptych.http.Dialect;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the API description against what the whole service takes and answers. */
@SpringBootTest( // as StartupTests, so that both share a service
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=src/test/resources/checkpoints/llama-tied",
      "diptych.models.fill-mask=src/test/resources/checkpoints/bert",
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.embed-sparse=src/test/resources/checkpoints/bert",
      "diptych.models.classify=src/test/resources/families/bert-classifier",
      "diptych.models.rank=src/test/resources/families/bert-reranker",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class ApiDescriptionTests {

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

  @Test
  void everyStatusThatAnOperationCanAnswerIsThere() {
    document
        .get("paths")
        .properties()
        .forEach(
            path -> {
              for (JsonNode operation : path.getValue()) {
                assertThat(operation.get("responses").propertyNames())
                    .as(path.getKey())
                    .contains("200", "400", "408", "413", "429", "500")
                    .doesNotContain("default");
              }
              JsonNode post = path.getValue().path("post").path("responses");
              if (!post.isMissingNode()) {
                assertThat(post.propertyNames())
                    .as(path.getKey())
                    .contains("415", "503")
                    .contains(tellsNamesBy404(path.getKey()) ? "404" : "422");
                assertThat(post.at("/503/headers").propertyNames()).contains("Retry-After");
                assertThat(post.at("/429/headers").propertyNames()).contains("Retry-After");
              }
            });
  }

  @Test
  void whatCanAnswerStandsWithEveryOperation() {
    assertThat(document.at("/paths/~1embed/post/description").stringValue())
        .contains("Answered by `", "checkpoints/bert`");
    assertThat(document.at("/paths/~1token-classification/post/description").stringValue())
        .contains("**No model answers this**; `diptych.models.tag` brings one");
    document
        .get("paths")
        .properties()
        .forEach(
            path -> {
              JsonNode post = path.getValue().path("post");
              if (!post.isMissingNode() && !post.at("/tags/0").asString().equals("Service")) {
                assertThat(post.path("description").asString(""))
                    .as(path.getKey())
                    .containsAnyOf("Answered by", "No model answers", "by the body");
              }
            });
  }

  @Test
  void errorsStandInTheBodyOfEachDialect() {
    assertThat(content("/generate", "422")).containsExactly("application/json");
    assertThat(content("/fill-mask", "415")).containsExactly("application/json");
    assertThat(content("/embed", "422")).containsExactly("application/json", "text/plain");
    assertThat(content("/embed", "415")).containsExactly("text/plain");
    assertThat(content("/v1/embeddings", "415")).containsExactly("application/json");
    assertThat(document.at("/paths/~1info/get/responses/400/content").propertyNames())
        .containsExactly("application/problem+json");
  }

  @Test
  void eachEventOfAStreamIsAsDescribed() throws Exception {
    JsonNode events =
        document.at(
            "/paths/~1generate_stream/post/responses/200/content/text~1event-stream/schema");

    assertThat(events.at("/properties/data/contentMediaType").stringValue())
        .isEqualTo("application/json");
    DescribedSchema payload =
        new DescribedSchema(document, events.at("/properties/data/contentSchema"));
    String answer =
        http.post("/generate_stream", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":2}}")
            .body();
    List<String> data = answer.lines().filter(line -> line.startsWith("data: ")).toList();
    assertThat(data).hasSize(2);
    for (String event : data) {
      assertThat(payload.violations(JSON.readTree(event.substring(6)))).as(event).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          200 | /generate         | {'inputs':'a','parameters':{'max_new_tokens':2,'details':true,'decoder_input_details':true,'top_n_tokens':2}}
          200 | /generate         | {'inputs':'a','parameters':{'max_new_tokens':2,'details':true,'do_sample':true,'best_of':2}}
          200 | /generate         | {'inputs':'a','parameters':{'max_new_tokens':1}}
          422 | /generate         | {'inputs':''}
          400 | /generate         | {
          200 | /                 | {'inputs':'a','parameters':{'max_new_tokens':1}}
          422 | /                 | {'inputs':''}
          200 | /                 | {'inputs':['a']}
          200 | /                 | {'inputs':'a','normalize':true}
          400 | /                 | {'inputs':[]}
          200 | /                 | {'inputs':{'source_sentence':'a','sentences':['b','c']}}
          422 | /                 | {'inputs':{'source_sentence':'a','sentences':5}}
          200 | /fill-mask        | {'inputs':'[MASK]'}
          200 | /fill-mask        | {'inputs':'[MASK] [MASK]'}
          200 | /fill-mask        | {'inputs':['[MASK]','[MASK] [MASK]']}
          422 | /fill-mask        | {'inputs':'a'}
          422 | /fill-mask        | {'inputs':'[MASK]','model':'nothing'}
          503 | /token-classification | {'inputs':'a'}
          422 | /token-classification | {'inputs':5}
          503 | /question-answering   | {'inputs':{'question':'a','context':'b'}}
          422 | /question-answering   | {'inputs':'a'}
          200 | /embed            | {'inputs':['a',[5,6]]}
          400 | /embed            | {'inputs':[]}
          422 | /embed            | {'inputs':5}
          400 | /embed            | {
          200 | /embed_all        | {'inputs':'a'}
          200 | /similarity       | {'inputs':{'source_sentence':'a','sentences':['b']}}
          200 | /embed_sparse     | {'inputs':['a',[5,6]],'truncate':true}
          400 | /embed_sparse     | {'inputs':''}
          422 | /embed_sparse     | {'inputs':5}
          200 | /predict          | {'inputs':'a'}
          200 | /predict          | {'inputs':['a','b'],'raw_scores':true}
          200 | /predict          | {'inputs':[['a'],['a','b']]}
          400 | /predict          | {'inputs':[]}
          422 | /predict          | {'inputs':['a','b','c']}
          422 | /predict          | {'inputs':'a','model':'nothing'}
          200 | /rerank           | {'query':'a','texts':['b','c'],'return_text':true}
          400 | /rerank           | {'query':'a','texts':[]}
          200 | /v1/rerank        | {'query':'a','documents':['b',{'text':'c'}]}
          400 | /v1/rerank        | {'query':'a','documents':5}
          404 | /v1/rerank        | {'query':'a','documents':['b'],'model':'nothing'}
          200 | /v2/rerank        | {'query':'a','documents':['b','c'],'top_n':1,'return_documents':true}
          400 | /v2/rerank        | {'query':'a','documents':[]}
          400 | /v2/rerank        | {
          404 | /v2/rerank        | {'query':'a','documents':['b'],'model':'nothing'}
          200 | /tokenize         | {'inputs':'a'}
          200 | /decode           | {'ids':[[5],[6]]}
          200 | /v1/embeddings    | {'input':'a'}
          200 | /v1/embeddings    | {'input':'a','encoding_format':'base64'}
          400 | /v1/embeddings    | {'input':''}
          400 | /v1/embeddings    | {'input':5}
          400 | /v1/embeddings    | {
          404 | /v1/embeddings    | {'input':'a','model':'nothing'}
          200 | /v1/completions   | {'prompt':'a','max_tokens':2}
          200 | /v1/completions   | {'prompt':['a',[5,6]],'max_tokens':2,'temperature':0,'echo':true}
          400 | /v1/completions   | {'prompt':5}
          404 | /v1/completions   | {'prompt':'a','model':'nothing'}
          200 | /v1/chat/completions | {'messages':[{'role':'user','content':'a'}],'max_tokens':2}
          200 | /v1/chat/completions | {'messages':[{'role':'user','content':[{'type':'text','text':'a'}]}],'max_tokens':2}
          400 | /v1/chat/completions | {'messages':[]}
          200 | /v1/chat/completions | {'messages':[{'role':'user','content':'a'}],'max_tokens':2,'logprobs':true,'top_logprobs':2,'n':2}
          200 | /v1/completions      | {'prompt':'ab','max_tokens':0,'echo':true,'logprobs':2}
          200 | /v1/responses        | {'input':'a','max_output_tokens':2}
          200 | /v1/responses        | {'input':'a','instructions':'b','text':{'format':{'type':'json_schema','name':'n','schema':{'const':1}}}}
          400 | /v1/responses        | {'input':[]}
          404 | /v1/responses        | {'input':'a','model':'nothing'}
          200 | /v1/systemone        | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null,'y':'z'}},'r':{'type':'score','criteria':['x','y']}}}
          422 | /v1/systemone        | {'state':'a','questions':{'q':{'type':'noul','instructions':'b'}}}
          200 | /compare             | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null,'y':'z'}},'r':{'type':'score','criteria':['x','y']}}}
          422 | /compare             | {'state':'a','questions':{}}
          404 | /compare             | {'encoder':'nothing','state':'a','questions':{'q':{'type':'score','criteria':['x','y']}}}
          422 | /v1/systemone        | {'state':'a','questions':{}}
          200 | /v1/decisions        | {'input':'a','questions':[{'type':'score','instructions':'b','levels':[{'label':'x'},{'label':'y'}]},{'type':'choice','name':'c','instructions':'b','choices':[{'value':true},{'value':'y'}]}]}
          400 | /v1/decisions        | {'input':'a','questions':[]}
          404 | /decisions           | {'model':'nothing','input':'a','questions':[{'type':'predicate','instructions':'b'}]}
          422 | /v1/systemone        | {
          404 | /v1/systemone        | {'model':'nothing','state':'a','questions':{'q':{'type':'noul','instructions':'b'}}}
          """)
  void answersAreAsDescribed(int status, String path, String body) throws Exception {
    HttpResponse<String> answer = http.post(path, body.replace('\'', '"'));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(violations(path, "post", answer)).as(answer.body()).isEmpty();
  }

  @Test
  void informationAndHealthAreAsDescribed() throws Exception {
    for (String path : List.of("/info", "/health", "/ping", "/", "/v1/models")) {
      assertThat(violations(path, "get", http.get(path))).as(path).isEmpty();
    }
  }

  @Test
  void anErrorBeforeAnyControllerIsAsDescribed() throws Exception {
    for (String path :
        List.of(
            "/generate",
            "/fill-mask",
            "/embed",
            "/predict",
            "/rerank",
            "/v1/rerank",
            "/v2/rerank",
            "/v1/embeddings",
            "/v1/chat/completions",
            "/v1/decisions",
            "/decisions",
            "/v1/systemone")) {
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);

      HttpResponse<String> type = http.send(path, body, "content-type", "multipart/form-data");
      assertThat(type.statusCode()).isEqualTo(415);
      assertThat(violations(path, "post", type)).as(type.body()).isEmpty();

      HttpResponse<String> coding =
          http.send(path, body, "content-type", "application/json", "content-encoding", "gzip");
      assertThat(coding.statusCode()).isEqualTo(415);
      assertThat(violations(path, "post", coding)).as(coding.body()).isEmpty();
    }
  }

  /** Bodies at the edges of what is taken: the description and the service must say the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          true  | /generate      | {'inputs':'a','parameters':null}
          true  | /generate      | {'inputs':'a','parameters':{'max_new_tokens':1,'seed':null,'stop':null,'grammar':null,'watermark':false,'adapter_id':null}}
          true  | /generate      | {'inputs':'a','parameters':{'max_new_tokens':1,'temperature':1e-50}}
          true  | /generate      | {'inputs':'a','parameters':{'max_new_tokens':1,'temperature':3e38}}
          true  | /generate      | {'inputs':'a','parameters':{'max_new_tokens':1,'seed':18446744073709551615}}
          true  | /generate      | {'inputs':'a','unknown':1,'parameters':{'max_new_tokens':1,'unknown':1}}
          false | /generate      | {'inputs':null}
          false | /generate      | {'inputs':''}
          false | /generate      | {'inputs':'a','parameters':{'temperature':0}}
          true  | /generate      | {'inputs':'a','parameters':{'max_new_tokens':1,'temperature':1e39,'repetition_penalty':1e300}}
          false | /generate      | {'inputs':'a','parameters':{'top_p':1.0000000001}}
          false | /generate      | {'inputs':'a','parameters':{'typical_p':0.0}}
          false | /generate      | {'inputs':'a','parameters':{'frequency_penalty':-2.0000000001}}
          false | /generate      | {'inputs':'a','parameters':{'top_k':-1}}
          false | /generate      | {'inputs':'a','parameters':{'top_k':2147483648}}
          false | /generate      | {'inputs':'a','parameters':{'seed':18446744073709551616}}
          false | /generate      | {'inputs':'a','parameters':{'best_of':9}}
          false | /generate      | {'inputs':'a','parameters':{'top_n_tokens':21}}
          false | /generate      | {'inputs':'a','parameters':{'stop':['']}}
          false | /generate      | {'inputs':'a','parameters':{'stop':[null]}}
          false | /generate      | {'inputs':'a','parameters':{'stop':['1','2','3','4','5']}}
          false | /generate      | {'inputs':'a','parameters':{'watermark':true}}
          false | /generate      | {'inputs':'a','parameters':{'grammar':{}}}
          false | /generate      | {'inputs':'a','parameters':{'adapter_id':'b'}}
          true  | /fill-mask     | {'inputs':'[MASK]','parameters':{'top_k':null,'targets':null}}
          true  | /fill-mask     | {'inputs':'[MASK]','parameters':{'targets':'a'}}
          true  | /fill-mask     | {'inputs':'[MASK]','parameters':{'targets':['a','']}}
          false | /fill-mask     | {'inputs':'[MASK]','parameters':{'targets':[]}}
          false | /fill-mask     | {'inputs':'[MASK]','parameters':{'top_k':0}}
          false | /fill-mask     | {'inputs':[]}
          true  | /embed         | {'inputs':'a','truncate':null,'truncation_direction':'Left','prompt_name':null,'normalize':null,'dimensions':null}
          true  | /embed         | {'inputs':[5,6]}
          true  | /embed         | {'inputs':[[5],'a']}
          false | /embed         | {'inputs':[[]]}
          false | /embed         | {'inputs':['']}
          false | /embed         | {'inputs':[-1]}
          false | /embed         | {'inputs':'a','dimensions':0}
          false | /embed         | {'inputs':'a','truncation_direction':'up'}
          false | /embed         | {'inputs':'a','truncation_direction':''}
          false | /embed         | {'inputs':'a','truncation_direction':0}
          false | /embed         | {'inputs':'a','truncation_direction':'0'}
          false | /embed         | {'inputs':'a','truncation_direction':' left '}
          false | /embed         | {'inputs':'a','truncation_direction':'\\u0001left'}
          true  | /similarity    | {'inputs':{'source_sentence':'a','sentences':['b']},'parameters':null}
          false | /similarity    | {'inputs':{'source_sentence':'a','sentences':[]}}
          false | /similarity    | {'inputs':{'source_sentence':'','sentences':['b']}}
          true  | /predict       | {'inputs':['','a'],'truncate':null,'truncation_direction':null,'raw_scores':null,'model':null}
          false | /predict       | {'inputs':['']}
          false | /predict       | {'inputs':['','']}
          false | /predict       | {'inputs':[['a'],[]]}
          false | /predict       | {'inputs':[['a','b','c']]}
          true  | /rerank        | {'query':'','texts':['a'],'return_text':null}
          true  | /rerank        | {'query':'a','texts':['']}
          false | /rerank        | {'query':'a','texts':[5]}
          false | /rerank        | {'query':'a','texts':[]}
          true  | /v1/rerank     | {'query':'a','documents':['b',{'text':''}],'rank_fields':['text'],'max_chunks_per_doc':null,'top_n':9}
          false | /v1/rerank     | {'query':'a','documents':['b'],'rank_fields':['title']}
          false | /v1/rerank     | {'query':'a','documents':['b'],'max_chunks_per_doc':1}
          false | /v1/rerank     | {'query':'a','documents':[{'title':'b'}]}
          false | /v1/rerank     | {'query':'','documents':['b']}
          true  | /v2/rerank     | {'query':'a','documents':['b'],'priority':0,'relevant_spans':null,'max_tokens_per_doc':1,'unknown':1}
          false | /v2/rerank     | {'query':'a','documents':['b'],'priority':1}
          false | /v2/rerank     | {'query':'a','documents':['b'],'relevant_spans':{}}
          false | /v2/rerank     | {'query':'a','documents':['b'],'max_tokens_per_doc':0}
          false | /v2/rerank     | {'query':'a','documents':['b'],'top_n':0}
          true  | /tokenize      | {'inputs':['a'],'add_special_tokens':null}
          false | /tokenize      | {'inputs':[]}
          true  | /decode        | {'ids':[5],'skip_special_tokens':null}
          false | /decode        | {'ids':[]}
          false | /decode        | {'ids':[5,[6]]}
          true  | /v1/completions | {'prompt':'a','max_tokens':1,'model':null,'stop':null,'seed':null,'logit_bias':null,'n':null,'stream':null,'stream_options':null,'response_format':null,'unknown':1}
          true  | /v1/completions | {'prompt':[[5],'a'],'max_tokens':1}
          false | /v1/completions | {'prompt':null}
          false | /v1/completions | {'prompt':[]}
          false | /v1/completions | {'prompt':''}
          false | /v1/completions | {'prompt':[[]]}
          false | /v1/completions | {'prompt':[-1]}
          false | /v1/completions | {'prompt':'a','temperature':-0.1}
          false | /v1/completions | {'prompt':'a','top_p':0}
          false | /v1/completions | {'prompt':'a','top_p':1.1}
          false | /v1/completions | {'prompt':'a','top_k':-2}
          false | /v1/completions | {'prompt':'a','min_p':1.1}
          false | /v1/completions | {'prompt':'a','repetition_penalty':0}
          false | /v1/completions | {'prompt':'a','presence_penalty':2.1}
          false | /v1/completions | {'prompt':'a','max_tokens':-1}
          false | /v1/completions | {'prompt':'a','n':0}
          false | /v1/completions | {'prompt':'a','n':9}
          false | /v1/completions | {'prompt':'a','best_of':9}
          false | /v1/completions | {'prompt':'a','logprobs':21}
          false | /v1/completions | {'prompt':'a','logit_bias':{'5':101}}
          false | /v1/completions | {'prompt':'a','logit_bias':{'5':null}}
          false | /v1/completions | {'prompt':'a','stop':['']}
          false | /v1/completions | {'prompt':'a','stop':['1','2','3','4','5']}
          false | /v1/completions | {'prompt':'a','seed':9223372036854775808}
          true  | /v1/chat/completions | {'messages':[{'role':'user','content':'a','name':null}],'max_tokens':1,'tools':null,'tool_choice':null,'response_format':null,'chat_template_kwargs':null,'logprobs':false}
          true  | /v1/responses | {'input':[{'role':'user','content':'a'}],'max_output_tokens':1,'tools':null,'text':null,'reasoning':null,'metadata':null}
          false | /v1/responses | {'input':null}
          false | /v1/responses | {'input':''}
          false | /v1/responses | {'input':[]}
          false | /v1/responses | {'input':[5]}
          false | /v1/responses | {'input':'a','max_output_tokens':0}
          false | /v1/responses | {'input':'a','tools':[{'type':'function'}]}
          false | /v1/responses | {'input':'a','text':{'format':{'type':'yaml'}}}
          false | /v1/chat/completions | {'messages':null}
          false | /v1/chat/completions | {'messages':[]}
          false | /v1/chat/completions | {'messages':[{'role':'king','content':'a'}]}
          false | /v1/chat/completions | {'messages':[{'role':'user','content':5}]}
          false | /v1/chat/completions | {'messages':[{'role':'user','content':'a'}],'max_tokens':0}
          false | /v1/chat/completions | {'messages':[{'role':'user','content':'a'}],'top_logprobs':21,'logprobs':true}
          true  | /v1/systemone | {'model':null,'state':['a',{'b':1}],'questions':{'q':{'type':'choice','instructions':null,'criteria':{'x':null,'y':['z']}}},'unknown':1}
          false | /v1/systemone | {'state':null,'questions':{'q':{'type':'score','criteria':['x','y']}}}
          false | /v1/systemone | {'state':5,'questions':{'q':{'type':'score','criteria':['x','y']}}}
          false | /v1/systemone | {'questions':{'q':{'type':'score','criteria':['x','y']}}}
          false | /v1/systemone | {'state':'a'}
          false | /v1/systemone | {'state':'a','questions':{}}
          false | /v1/systemone | {'state':'a','questions':{'':{'type':'score','criteria':['x','y']}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'criteria':['x','y']}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'boolean','criteria':['x','y']}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'score','criteria':['x']}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'score','criteria':['x',null]}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'score','criteria':{'0':'x','1':'y'}}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null}}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null,'':null}}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null,'y':1}}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'choice','criteria':{'x':null,'y':null},'more':1}}}
          false | /v1/systemone | {'state':'a','questions':{'q':{'type':'noul','instructions':'b','criteria':{'yes':'c'}}}}
          true  | /v1/decisions | {'input':'a','questions':[{'type':'choice','name':'','instructions':'b','choices':[{'value':'x','description':null},{'value':true},{'value':1.5}]}],'safety_identifier':null}
          true  | /v1/decisions | {'model':null,'input':[{'role':'user','content':'a'},{'type':'message','role':'user','content':[{'type':'input_text','text':'b'}]}],'questions':[{'type':'score','instructions':'b','levels':[{'label':'x'},{'label':'y','description':'z'}]}]}
          false | /v1/decisions | {'input':'a','questions':[{'type':'predicate','instructions':'b'}],'store':true}
          false | /v1/decisions | {'input':'a','questions':[{'type':'predicate','instructions':'b','name':null}]}
          false | /v1/decisions | {'input':'a','questions':[{'type':'predicate','instructions':null}]}
          false | /v1/decisions | {'input':'a','questions':[{'type':'score','instructions':'b','levels':[{'label':'x'}]}]}
          false | /v1/decisions | {'input':'a','questions':[{'type':'choice','instructions':'b','choices':[{'value':'x'},{'value':{}}]}]}
          false | /v1/decisions | {'input':[],'questions':[{'type':'score','instructions':'b','levels':[{'label':'x'},{'label':'y'}]}]}
          false | /v1/decisions | {'input':[{'role':'assistant','content':'a'}],'questions':[{'type':'score','instructions':'b','levels':[{'label':'x'},{'label':'y'}]}]}
          false | /v1/decisions | {'input':'a','questions':[]}
          true  | /v1/embeddings | {'input':'a','model':null,'encoding_format':null,'dimensions':null}
          false | /v1/embeddings | {'input':'a','encoding_format':'int8'}
          false | /v1/embeddings | {'input':'a','encoding_format':' base64'}
          """)
  void whatIsDescribedIsTakenAndNothingElse(boolean taken, String path, String body)
      throws Exception {
    String json = body.replace('\'', '"');
    JsonNode request =
        document.path("paths").path(path).at("/post/requestBody/content/application~1json/schema");
    List<String> violations =
        new DescribedSchema(document, request).violations(JSON.readTree(json));

    HttpResponse<String> answer = http.post(path, json);

    assertThat(answer.statusCode() == 200).as(answer.body()).isEqualTo(taken);
    assertThat(violations.isEmpty()).as(violations.toString()).isEqualTo(taken);
  }

  private static boolean tellsNamesBy404(String path) {
    return Dialect.of(path) == Dialect.OPEN_AI || Dialect.of(path) == Dialect.COHERE;
  }

  private Iterable<String> content(String path, String status) {
    return document
        .path("paths")
        .path(path)
        .at("/post/responses/" + status + "/content")
        .propertyNames();
  }

  private List<String> violations(String path, String method, HttpResponse<String> answer)
      throws Exception {
    JsonNode described =
        document
            .path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path(Integer.toString(answer.statusCode()));
    assertThat(described.isMissingNode()).as("status %d", answer.statusCode()).isFalse();
    String type = answer.headers().firstValue("content-type").orElse("");
    if (answer.body().isEmpty()) {
      assertThat(described.path("content").isEmpty()).isTrue();
      return List.of();
    }
    JsonNode content = described.path("content").path(type.replaceFirst(";.*", ""));
    assertThat(content.isMissingNode()).as(type).isFalse();
    JsonNode body =
        type.startsWith("text/plain")
            ? JSON.valueToTree(answer.body())
            : JSON.readTree(answer.body());
    return new DescribedSchema(document, content.path("schema")).violations(body);
  }
}
