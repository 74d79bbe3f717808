package dev.diptych.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The image of the Dockerfile, serving tiny checkpoints and, where they are, the real models. */
class ContainerIT {

  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Path CHECKPOINTS = PROJECT.resolve("src/test/resources/checkpoints");
  private static final Path STORE = PROJECT.resolve("models");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ENDED_BY_SIGTERM = 128 + 15;
  private static final JsonMapper json = JsonMapper.builder().build();

  // kept afterwards, with the layers that make the next build quick
  private static final ImageFromDockerfile image =
      new ImageFromDockerfile("diptych-container-test", false)
          .withFileFromPath("Dockerfile", PROJECT.resolve("Dockerfile"))
          .withFileFromPath("pom.xml", PROJECT.resolve("pom.xml"))
          .withFileFromPath("src/main", PROJECT.resolve("src/main"))
          .withFileFromPath("models/catalog.yml", STORE.resolve("catalog.yml"))
          .withFileFromPath("LICENSE", PROJECT.resolve("LICENSE"))
          .withFileFromPath("deploy", PROJECT.resolve("deploy"));

  private static DiptychContainer service = tiny();

  @BeforeAll
  static void startTheService() {
    boolean docker = DockerClientFactory.instance().isDockerAvailable();
    if (!docker && !"true".equals(System.getenv("CI"))) {
      System.out.println("ContainerIT is skipped: no Docker engine answers on this machine.");
      assumeTrue(false, "no Docker engine answers");
    }
    assertThat(docker).as("a Docker engine answers (required where CI=true)").isTrue();
    service.start();
  }

  @AfterAll
  static void stopTheService() {
    service.stop();
  }

  @Test
  void continuesAText() throws Exception {
    HttpResponse<String> response =
        service.post(
            "/generate",
            """
            {"inputs": "The cat sat on the", "parameters": {"max_new_tokens": 4, "details": true}}
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = json.readTree(response.body());
    assertThat(answer.at("/generated_text").isString()).isTrue();
    int[] ids =
        answer
            .at("/details/tokens")
            .valueStream()
            .mapToInt(token -> token.at("/id").asInt())
            .toArray();
    JsonNode reference =
        json.readTree(Files.readAllBytes(CHECKPOINTS.resolve("llama-tied/reference.json")));
    int[] greedy =
        reference
            .at("/cases/0/greedy_ids")
            .valueStream()
            .limit(4)
            .mapToInt(JsonNode::asInt)
            .toArray();
    assertThat(ids).isEqualTo(greedy);
  }

  @Test
  void fillsAMask() throws Exception {
    HttpResponse<String> response =
        service.post(
            "/fill-mask",
            """
            {"inputs": "The [MASK] sat on the mat.", "parameters": {"top_k": 3}}
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = json.readTree(response.body());
    assertThat(answer.size()).isEqualTo(3);
    assertThat(answer.at("/0/score").asDouble()).isBetween(answer.at("/1/score").asDouble(), 1.0);
    assertThat(answer.at("/0/token_str").isString()).isTrue();
  }

  @Test
  void embedsTexts() throws Exception {
    HttpResponse<String> response =
        service.post(
            "/embed",
            """
            {"inputs": ["The cat sat on the mat.", "The mat sat on the cat."]}
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = json.readTree(response.body());
    assertThat(answer.size()).isEqualTo(2);
    for (JsonNode vector : answer) {
      double squares = vector.valueStream().mapToDouble(JsonNode::asDouble).map(x -> x * x).sum();
      assertThat(squares).isCloseTo(1, within(1e-3));
    }
  }

  @Test
  void tellsWhatItServes() throws Exception {
    JsonNode info = json.readTree(service.get("/info").body());
    assertThat(info.at("/models/generate/model_id").asString()).isEqualTo("…/llama-tied");
    assertThat(info.at("/models/embed/state").asString()).isEqualTo("ready");
    assertThat(service.get("/swagger-ui/index.html").body()).contains("Swagger UI");
  }

  @Test
  void runsAsAUserOfItsOwn() throws Exception {
    assertThat(service.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
  }

  @Test
  void theHealthCheckOfTheImageAgrees() throws Exception {
    assertThat(service.execInContainer("bash", "/opt/diptych/healthcheck").getExitCode()).isZero();
  }

  @Test
  void limitsTheHeapAndEndsWhenItIsFull() throws Exception {
    assertThat(commandLine(service)).contains("-Xmx512m", "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void takesAnotherHeapAndSettingsBehindTheImagesName() throws Exception {
    try (DiptychContainer other =
        tiny().withEnv("DIPTYCH_HEAP", "300m").withCommand("--diptych.models.generate=")) {
      other.start();
      assertThat(commandLine(other)).contains("-Xmx300m", "--diptych.models.generate=");
      assertThat(json.readTree(other.get("/info").body()).at("/models/generate/state").asString())
          .isEqualTo("off");
    }
  }

  private static String[] commandLine(DiptychContainer container) throws Exception {
    return container.execInContainer("cat", "/proc/1/cmdline").getStdout().split("\0", -1);
  }

  @Test
  void carriesTheNoticesOfWhatItIsMadeOf() throws Exception {
    assertThat(notice("THIRD-PARTY.txt"))
        .contains("org.springframework:spring-core", "ai.djl.pytorch:pytorch-native-cpu")
        .contains("net.java.dev.jna:jna", "(Apache-2.0) (LGPL-2.1-or-later)")
        .doesNotContain("Unknown license", "junit", "archunit");
    assertThat(notice("native-libraries.txt"))
        .contains("libtorch 2.7.1", "BSD-3-Clause", "Redistributions in binary form")
        .contains("Hugging Face tokenizers", "Java Native Access");
    assertThat(service.execInContainer("ls", "/opt/diptych/notices/jars").getStdout())
        .contains("tomcat-embed-core-", "spring-core-", "jackson-core-");
    assertThat(service.execInContainer("cat", "/opt/diptych/LICENSE").getStdout())
        .contains("Apache License");
  }

  private static String notice(String name) throws Exception {
    return service.execInContainer("cat", "/opt/diptych/notices/" + name).getStdout();
  }

  @Test
  void endsInOrderWhenItIsTold() {
    try (DiptychContainer other = tiny().withEnv("DIPTYCH_MODELS_GENERATE", "")) {
      other.start();
      DockerClient docker = other.getDockerClient();
      docker.stopContainerCmd(other.getContainerId()).withTimeout(40).exec();
      InspectContainerResponse.ContainerState state =
          docker.inspectContainerCmd(other.getContainerId()).exec().getState();
      assertThat(state.getExitCodeLong()).isEqualTo(ENDED_BY_SIGTERM);
      assertThat(other.getLogs()).contains("Graceful shutdown complete");
    }
  }

  /** Says so and passes where the default models have not been fetched. */
  @Test
  void servesTheRealModelsIfTheStoreHasThem() throws Exception {
    if (!Stream.of("smollm2-135m-instruct", "bert-base-uncased", "all-minilm-l6-v2")
        .allMatch(name -> Files.exists(STORE.resolve(name).resolve("config.json")))) {
      System.out.println("The store has not all default models: only the tiny ones were served.");
      return;
    }
    try (DiptychContainer real =
        new DiptychContainer(image, STORE, "/opt/diptych/models", PATIENCE)) {
      real.start();
      JsonNode filled =
          json.readTree(
              real.post("/fill-mask", "{\"inputs\": \"Paris is the [MASK] of France.\"}").body());
      assertThat(filled.at("/0/token_str").asString()).isEqualTo("capital");
      assertThat(
              json.readTree(real.post("/embed", "{\"inputs\": \"A cat.\"}").body()).at("/0").size())
          .isEqualTo(384);
      assertThat(
              json.readTree(
                      real.post(
                              "/generate",
                              """
                              {"inputs": "The capital of France is", "parameters": {"max_new_tokens": 5}}
                              """)
                          .body())
                  .at("/generated_text")
                  .asString())
          .contains("Paris");
    }
  }

  private static DiptychContainer tiny() {
    return new DiptychContainer(image, CHECKPOINTS, "/models", PATIENCE)
        .withEnv("DIPTYCH_MODELS_GENERATE", "/models/llama-tied")
        .withEnv("DIPTYCH_MODELS_FILLMASK", "/models/bert")
        .withEnv("DIPTYCH_MODELS_EMBED", "/models/bert")
        .withEnv("DIPTYCH_MODELS_PRECISION", "float32");
  }
}
