package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service with several tiny models of one kind. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=llama",
      "diptych.models.fill-mask=",
      "diptych.models.embed=",
      "diptych.models.precision=float32",
      "diptych.models.llama.source=src/test/resources/checkpoints/llama-tied",
      "diptych.models.qwen.source=src/test/resources/checkpoints/qwen2",
      "diptych.models.qwen.tasks=generate",
      "diptych.models.qwen.alias=small",
      "diptych.models.gpt.source=src/test/resources/checkpoints/gpt2",
      "diptych.models.gpt.backend=pytorch",
      "diptych.models.bert.source=src/test/resources/checkpoints/bert",
      "diptych.models.polarity.source=src/test/resources/families/bert-classifier",
      "diptych.models.sorter.source=src/test/resources/families/bert-reranker"
    })
@Timeout(120)
class NamedModelsServiceTests {

  private static final String CHAT = "{'model':'%s','prompt':'The','max_tokens':2}";

  @LocalServerPort private int port;
  @Autowired private List<ServedModels<?>> roles;
  @Autowired private ServedModels<TextGenerator> generators;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void awaitModels() {
    http = new HttpCaller(port);
    for (ServedModels<?> models : roles) {
      while (models.allPossible().stream()
          .anyMatch(served -> served.state() instanceof Served.Coming<?>)) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"llama, llama", "qwen, qwen", "small, qwen", "gpt, gpt", "tgi, llama"})
  void aRequestIsAnsweredByTheModelThatItNames(String given, String model) throws Exception {
    HttpResponse<String> answer = post("/v1/completions", CHAT.formatted(given));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).get("model").stringValue()).isEqualTo(model);
    TextGenerator asked = generators.engine(model);
    assertThat(asked.facts().name()).isEqualTo(model);
  }

  @Test
  void aModelThatThereIsNotIsNotFoundAndOneOfAnotherKindRefused() throws Exception {
    HttpResponse<String> unknown = post("/v1/completions", CHAT.formatted("llama-3"));
    HttpResponse<String> other = post("/v1/completions", CHAT.formatted("bert"));

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("model_not_found").contains("`gpt`").contains("`bert`");
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body())
        .contains("model_not_supported")
        .contains("the model `bert` cannot do this: it finds words for gaps")
        .contains("makes vectors of texts");
  }

  @Test
  void aModelWithoutTasksDoesWhatItsHeadCan() throws Exception {
    JsonNode cards = json(http.get("/v1/models")).get("data");

    assertThat(tasks(cards, "llama")).containsExactly("text-generation");
    assertThat(tasks(cards, "gpt")).containsExactly("text-generation");
    assertThat(tasks(cards, "bert")).containsExactly("fill-mask", "feature-extraction");
    assertThat(tasks(cards, "polarity")).containsExactly("text-classification");
    assertThat(tasks(cards, "sorter")).containsExactly("text-ranking");
    assertThat(cards.size()).isEqualTo(6);
  }

  @Test
  void aRoleWithoutADefaultHasTheFirstNamedModelThatCan() throws Exception {
    HttpResponse<String> vectors = post("/embed", "{'inputs':'A cat.'}");
    HttpResponse<String> words = post("/fill-mask", "{'inputs':'The [MASK] sat.'}");

    assertThat(vectors.statusCode()).as(vectors.body()).isEqualTo(200);
    assertThat(words.statusCode()).as(words.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /generate        | llama  | bert | {'inputs':'The','parameters':{'max_new_tokens':1},'model':'%s'}
          /generate_stream | gpt    | bert | {'inputs':'The','parameters':{'max_new_tokens':1},'model':'%s'}
          /                | small  | none | {'inputs':'The','parameters':{'max_new_tokens':1},'model':'%s'}
          /fill-mask       | bert   | qwen | {'inputs':'The [MASK] sat.','model':'%s'}
          /embed           | bert   | qwen | {'inputs':'The cat sat.','model':'%s'}
          /embed_all       | bert   | qwen | {'inputs':'The cat sat.','model':'%s'}
          /tokenize        | bert   | qwen | {'inputs':'The cat sat.','model':'%s'}
          /decode          | bert   | qwen | {'ids':[5,6],'model':'%s'}
          /similarity      | bert   | qwen | {'inputs':{'source_sentence':'a','sentences':['b']},'model':'%s'}
          """)
  void everyDialectTakesTheNameOfAModel(String path, String model, String other, String body)
      throws Exception {
    HttpResponse<String> answer = post(path, body.formatted(model));
    HttpResponse<String> refused = post(path, body.formatted(other));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.body()).contains("there is no model `%s` for ".formatted(other));
    assertThat(post(path, body.formatted("tgi")).statusCode()).isEqualTo(200);
  }

  @Test
  void theModelsOfOneKindAnswerEachForItself() throws Exception {
    String body = "{'inputs':'The capital','parameters':{'max_new_tokens':8},'model':'%s'}";
    List<String> texts = new ArrayList<>();
    for (String model : List.of("llama", "qwen", "gpt")) {
      texts.add(json(post("/generate", body.formatted(model))).get("generated_text").stringValue());
      assertThat(json(post("/generate", body.formatted(model))).get("generated_text").stringValue())
          .isEqualTo(texts.getLast());
    }
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void whatIsPostedToTheRootGoesToTheModelThatItNames() throws Exception {
    assertThat(post("/", "{'inputs':'The [MASK] sat.','model':'bert'}").body())
        .as("vectors before masks")
        .startsWith("[[");
    assertThat(post("/", "{'inputs':'The','model':'gpt'}").body()).contains("generated_text");
    assertThat(post("/", "{'model':'bert','inputs':['a','b']}").body()).startsWith("[[");
  }

  @Test
  void infoTellsOfEveryModelByItsName() throws Exception {
    JsonNode info = json(http.get("/info"));
    JsonNode named = info.get("named_models");

    assertThat(info.at("/models/generate/model_id").stringValue()).isEqualTo("llama");
    assertThat(named.propertyNames())
        .containsExactlyInAnyOrder("llama", "qwen", "gpt", "bert", "polarity", "sorter");
    assertThat(named.at("/qwen/aliases/0").stringValue()).isEqualTo("small");
    assertThat(named.at("/qwen/state").stringValue()).isEqualTo("ready");
    assertThat(named.at("/bert/tasks").valueStream().map(JsonNode::stringValue))
        .containsExactly("fill-mask", "embed");
    assertThat(named.at("/gpt/backend_reason").stringValue())
        .isEqualTo("none is wanted (diptych.models.backend)");
    assertThat(named.at("/sorter/max_input_tokens").isIntegralNumber()).isTrue();
  }

  @Test
  void theServiceIsHealthyWhenAllOfThemAnswer() throws Exception {
    assertThat(http.get("/health").statusCode()).isEqualTo(200);
  }

  private static List<String> tasks(JsonNode cards, String model) {
    return cards
        .valueStream()
        .filter(card -> card.get("id").stringValue().equals(model))
        .flatMap(card -> card.get("tasks").valueStream())
        .map(JsonNode::stringValue)
        .toList();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.post(path, body.replace('\'', '"'));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
