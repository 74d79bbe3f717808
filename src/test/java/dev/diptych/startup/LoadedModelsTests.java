package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.ModelUnavailable;
import dev.diptych.encoding.Embedder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.ModelUse;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models that are loaded and unloaded while the service runs. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=llama",
      "diptych.models.fill-mask=",
      "diptych.models.embed=bert",
      "diptych.models.precision=float32",
      "diptych.models.offline=true",
      "diptych.generation.drain=2s",
      "diptych.models.llama.source=src/test/resources/checkpoints/llama-tied",
      "diptych.models.qwen.source=src/test/resources/checkpoints/qwen2",
      "diptych.models.bert.source=src/test/resources/checkpoints/bert"
    })
@Timeout(180)
class LoadedModelsTests {

  private static final String GPT = "src/test/resources/checkpoints/gpt2";
  private static final String GENERATE =
      "{'inputs':'The capital','parameters':{'max_new_tokens':4},'model':'%s'}";

  @LocalServerPort private int port;
  @Autowired private ServedModels<TextGenerator> generators;
  @Autowired private ServedModels<Embedder> embedders;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void everyModelOfTheSettingsIsThere() throws Exception {
    http = new HttpCaller(port);
    for (String model : List.of("llama", "qwen", "bert")) {
      assertThat(load("{'model':'%s','wait':true}".formatted(model)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anUnloadedModelIsRefusedUntilItIsLoadedAgain() throws Exception {
    String before = post("/generate", GENERATE.formatted("qwen")).body();

    HttpResponse<String> unloaded = post("/models/unload", "{'model':'qwen'}");
    HttpResponse<String> refused = post("/generate", GENERATE.formatted("qwen"));

    assertThat(unloaded.statusCode()).as(unloaded.body()).isEqualTo(200);
    assertThat(unloaded.body())
        .isEqualTo("{\"success\":true,\"model\":\"qwen\",\"state\":\"unloaded\"}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(refused.body()).contains("qwen is unloaded; a POST to /models/load brings it back");
    assertThat(post("/generate", GENERATE.formatted("llama")).statusCode()).isEqualTo(200);
    assertThat(http.get("/health").statusCode()).as("nobody wants it").isEqualTo(200);
    assertThat(listed("qwen").get("memory").isNull()).isTrue();
    assertThat(json(http.get("/info")).at("/named_models/qwen/state").stringValue())
        .isEqualTo("unloaded");

    HttpResponse<String> loaded = load("{'model':'qwen','wait':true}");

    assertThat(loaded.body())
        .isEqualTo("{\"success\":true,\"model\":\"qwen\",\"state\":\"ready\"}");
    assertThat(post("/generate", GENERATE.formatted("qwen")).body()).isEqualTo(before);
    assertThat(listed("qwen").get("memory").longValue()).isPositive();
    assertThat(listed("qwen").at("/status/value").stringValue()).isEqualTo("loaded");
  }

  @Test
  void aSourceIsLoadedByARequestAndForgottenWhenItIsUnloaded() throws Exception {
    HttpResponse<String> loaded =
        load(
            "{'model':'%s','name':'gpt','tasks':['generate'],'precision':'float32','wait':true}"
                .formatted(GPT));

    assertThat(loaded.body()).isEqualTo("{\"success\":true,\"model\":\"gpt\",\"state\":\"ready\"}");
    assertThat(post("/generate", GENERATE.formatted("gpt")).statusCode()).isEqualTo(200);
    assertThat(json(http.get("/v1/models")).at("/data").findValuesAsString("id")).contains("gpt");
    assertThat(load("{'model':'%s'}".formatted(GPT)).body()).as("there already").contains("ready");

    assertThat(post("/models/unload", "{'model':'gpt'}").statusCode()).isEqualTo(200);
    assertThat(post("/generate", GENERATE.formatted("gpt")).statusCode()).isEqualTo(422);
    assertThat(post("/models/unload", "{'model':'gpt'}").statusCode()).isEqualTo(404);
  }

  @Test
  void oneSourceCanBeThereInTwoPrecisions() throws Exception {
    HttpResponse<String> other =
        load(
            "{'model':'src/test/resources/checkpoints/qwen2','name':'small','precision':'int8','wait':true}");

    assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
    assertThat(json(http.get("/info")).at("/named_models/small/model_dtype").stringValue())
        .isEqualTo("int8");
    assertThat(json(http.get("/info")).at("/named_models/qwen/model_dtype").stringValue())
        .isEqualTo("float32");
    HttpResponse<String> third =
        load("{'model':'src/test/resources/checkpoints/qwen2','name':'small','precision':'auto'}");
    assertThat(third.statusCode()).isEqualTo(409);
    assertThat(third.body()).contains("`small` is another model");

    post("/models/unload", "{'model':'small'}");
    assertThat(post("/generate", GENERATE.formatted("qwen")).statusCode()).isEqualTo(200);
  }

  @Test
  void whatCannotBeLoadedIsToldAndForgotten() throws Exception {
    HttpResponse<String> nowhere = load("{'model':'/nowhere/at-all'}");
    HttpResponse<String> otherTask =
        load(
            "{'model':'src/test/resources/checkpoints/roberta','name':'r','tasks':['generate'],'wait':true}");

    assertThat(nowhere.statusCode()).as(nowhere.body()).isEqualTo(424);
    assertThat(otherTask.statusCode()).as(otherTask.body()).isEqualTo(424);
    assertThat(otherTask.body()).contains("is an encoder, which cannot answer /generate");
    assertThat(load("{'model':'%s','tasks':['rank'],'wait':true}".formatted(GPT)).body())
        .contains("is a decoder of the family gpt2; of decoders, only those of qwen3 rank");
    assertThat(json(http.get("/models")).get("data").size()).isEqualTo(3);
    assertThat(load("{'model':'x','tasks':['sing']}").body()).contains("Given: sing");
    assertThat(load("{'model':'x','precision':'fp8'}").statusCode()).isEqualTo(422);
    assertThat(load("{'model':'x','name':'a b'}").statusCode()).isEqualTo(422);
    assertThat(load("{'name':'x'}").statusCode()).isEqualTo(422);
    assertThat(post("/models/unload", "{'model':'x'}").statusCode()).isEqualTo(404);
  }

  @Test
  void requestsThatRunAreAnsweredBeforeAModelLeaves() throws Exception {
    Served<Embedder> served = embedders.named("bert");
    ModelUse use = new ModelUse();
    ScopedValue.where(ModelUse.CURRENT, use).run(served::engine);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> unload =
          threads.submit(() -> post("/models/unload", "{'model':'bert'}"));
      while (!(served.state() instanceof Served.Unloaded<?>)) {
        Thread.onSpinWait();
      }
      assertThat(post("/embed", "{'inputs':'A cat.'}").statusCode()).isEqualTo(503);
      assertThat(unload.isDone()).isFalse();

      use.close();

      assertThat(unload.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aStreamThatDoesNotEndInTimeIsToldThatTheModelIsUnloaded() throws Exception {
    Served<TextGenerator> served = generators.named("qwen");
    ModelUse use = new ModelUse();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      TextGenerator generator = ScopedValue.where(ModelUse.CURRENT, use).call(served::engine);
      Future<HttpResponse<String>> unload =
          threads.submit(() -> post("/models/unload", "{'model':'qwen'}"));
      while (!isClosedFor(generator)) {
        Thread.onSpinWait();
      }
      use.close();
      assertThat(unload.get().statusCode()).isEqualTo(200);
    }
  }

  private static boolean isClosedFor(TextGenerator generator) {
    try {
      generator.requireRoom();
      return false;
    } catch (ModelUnavailable e) {
      assertThat(e).hasMessage("qwen was unloaded");
      return true;
    }
  }

  @Test
  void othersGoOnWhileOneComesAndGoes() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    List<Future<List<Integer>>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String body :
          List.of(
              "/generate " + GENERATE.formatted("llama"),
              "/embed {'inputs':['A cat.','A kitten.'],'model':'bert'}")) {
        String path = body.substring(0, body.indexOf(' '));
        String sent = body.substring(body.indexOf(' ') + 1);
        clients.add(
            threads.submit(
                () -> {
                  List<Integer> statuses = new ArrayList<>();
                  while (!ended.get()) {
                    statuses.add(post(path, sent).statusCode());
                  }
                  return statuses;
                }));
      }
      for (int i = 0; i < 10; i++) {
        assertThat(post("/models/unload", "{'model':'qwen'}").statusCode()).isEqualTo(200);
        assertThat(load("{'model':'qwen','wait':true}").statusCode()).isEqualTo(200);
        assertThat(post("/generate", GENERATE.formatted("qwen")).statusCode()).isEqualTo(200);
      }
      ended.set(true);
      for (Future<List<Integer>> client : clients) {
        assertThat(client.get()).isNotEmpty().containsOnly(200);
      }
    }
  }

  private HttpResponse<String> load(String body) throws Exception {
    return post("/models/load", body);
  }

  private JsonNode listed(String model) throws Exception {
    return json(http.get("/models"))
        .get("data")
        .valueStream()
        .filter(one -> one.get("id").stringValue().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.post(path, body.replace('\'', '"'));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
