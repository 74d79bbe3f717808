package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models that go when nobody uses them, and come back when somebody asks. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=src/test/resources/checkpoints/llama-tied",
      "diptych.models.fill-mask=",
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.precision=float32",
      "diptych.models.offline=true",
      "diptych.models.idle-timeout=300ms"
    })
@Timeout(120)
class IdleModelsTests {

  private static final String GENERATE =
      "{\"inputs\":\"The capital\",\"parameters\":{\"max_new_tokens\":4}}";
  private static final String EMBED = "{\"inputs\":\"A cat.\"}";
  private static final int CALLERS = 8;

  @LocalServerPort private int port;
  @Autowired private ServedModels<TextGenerator> generators;
  @Autowired private ServedModels<Embedder> embedders;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void everyModelWasThere() {
    http = new HttpCaller(port);
    for (ServedModels<?> models : List.of(generators, embedders)) {
      while (models.first().state() instanceof Served.Coming<?>) {
        Thread.onSpinWait();
      }
    }
  }

  private static void awaitUnloaded(ServedModels<?> models) {
    while (!(models.first().state() instanceof Served.Unloaded<?>)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void oneThatNobodyUsesGoesAndIsNoReasonToBeUnhealthy() throws Exception {
    awaitUnloaded(generators);
    awaitUnloaded(embedders);

    assertThat(http.get("/health").statusCode()).isEqualTo(200);
    assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    JsonNode listed = JsonMapper.shared().readTree(http.get("/models").body());
    assertThat(listed.at("/data").findValuesAsString("state")).containsOnly("unloaded");
    JsonNode models = JsonMapper.shared().readTree(http.get("/v1/models").body());
    assertThat(models.get("data").size()).isEqualTo(2);
  }

  @Test
  void requestsForItWaitForOneLoadAndAreAnsweredAsBefore() throws Exception {
    String before = post("/generate", GENERATE).body();
    for (int round = 0; round < 3; round++) {
      awaitUnloaded(generators);
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CALLERS; i++) {
          answers.add(callers.submit(() -> post("/generate", GENERATE)));
          answers.add(callers.submit(() -> post("/embed", EMBED)));
        }
      }
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
      }
      assertThat(answers.getFirst().get().body()).isEqualTo(before);
    }
  }

  @Test
  void oneThatIsUsedStays() throws Exception {
    post("/embed", EMBED);
    try (ModelUse use = new ModelUse()) {
      ScopedValue.where(ModelUse.CURRENT, use).run(() -> embedders.first().engine());
      post("/generate", GENERATE);
      awaitUnloaded(generators);

      assertThat(embedders.first().state()).isInstanceOf(Served.Ready.class);
    }
    awaitUnloaded(embedders);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.post(path, body);
  }
}
