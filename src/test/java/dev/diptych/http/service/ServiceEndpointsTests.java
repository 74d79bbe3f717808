package dev.diptych.http.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    classes = ServiceEndpointsTests.Application.class,
    properties = "diptych.http.max-body-size=1000B")
class ServiceEndpointsTests {

  private static final String DOWNLOADING = "downloading model.safetensors 41 of 90 MB";
  private static final HttpClient client = HttpClient.newHttpClient();
  private static final JsonMapper json = JsonMapper.builder().build();

  @LocalServerPort private int port;
  @Autowired private Served<Integer> generate;
  @Autowired private Served<String> fillMask;
  @Autowired private Served<Engine> embed;

  @BeforeEach
  void everyModelAnswers() {
    generate.become(new Served.Ready<>(1));
    fillMask.become(new Served.Off<>());
    embed.become(new Served.Ready<>(new Engine()));
  }

  @Test
  void isHealthyWhenEveryConfiguredModelAnswers() throws Exception {
    for (String path : new String[] {"/health", "/ping", "/"}) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.body()).as(path).isEmpty();
    }
  }

  @Test
  void neverClosesTheConnectionOfAClientThatKeepsAsking() throws Exception {
    for (int i = 0; i < 150; i++) {
      assertThat(get("/ping").headers().firstValue("Connection")).isEmpty();
    }
  }

  @Test
  void tellsTheProgressWhileAModelIsComing() throws Exception {
    embed.become(new Served.Coming<>(DOWNLOADING));
    HttpResponse<String> response = get("/health");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
    JsonNode body = json.readTree(response.body());
    assertThat(body.at("/error").asString()).isEqualTo("embed: " + DOWNLOADING);
    assertThat(body.at("/error_type").asString()).isEqualTo("Unhealthy");
    assertThat(body.at("/models/embed/state").asString()).isEqualTo("coming");
    assertThat(body.at("/models/embed/model_id").asString()).isEqualTo("tiny-embedder");
    assertThat(body.at("/models/generate/state").asString()).isEqualTo("ready");
    assertThat(body.at("/models/fill-mask/state").asString()).isEqualTo("off");
  }

  @Test
  void tellsWhyAModelFailedAndAsksForMorePatience() throws Exception {
    generate.become(new Served.Failed<>("the Hub: 401; the package: no network"));
    HttpResponse<String> response = get("/health");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(json.readTree(response.body()).at("/models/generate/detail").asString())
        .isEqualTo("the Hub: 401; the package: no network");
  }

  @Test
  void readinessFollowsTheModelsAndLivenessDoesNot() throws Exception {
    assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    embed.become(new Served.Coming<>(DOWNLOADING));
    assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    JsonNode body = json.readTree(get("/actuator/health").body());
    assertThat(body.at("/components/models/status").asString()).isEqualTo("OUT_OF_SERVICE");
    assertThat(body.at("/components/models/details/embed/detail").asString())
        .isEqualTo(DOWNLOADING);
    embed.become(new Served.Failed<>("no source"));
    assertThat(json.readTree(get("/actuator/health").body()).at("/status").asString())
        .isEqualTo("DOWN");
  }

  @Test
  void livenessEndsWithAModelThatOnlyANewProcessBringsBack() throws Exception {
    generate.become(new Served.Lost<>("a step has not ended for 600s"));
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(503);
    assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    HttpResponse<String> health = get("/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(json.readTree(health.body()).at("/models/generate/state").asString())
        .isEqualTo("failed");
    assertThat(json.readTree(get("/info").body()).at("/models/generate/detail").asString())
        .isEqualTo("a step has not ended for 600s");
    generate.become(new Served.Ready<>(1));
    assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
  }

  @Test
  void informsAboutModelsAndLimits() throws Exception {
    JsonNode info = json.readTree(get("/info").body());
    assertThat(info.at("/version").asString()).isNotEmpty();
    assertThat(info.at("/max_client_batch_size").asInt()).isEqualTo(32);
    assertThat(info.at("/max_batch_tokens").asInt()).isEqualTo(4096);
    assertThat(info.at("/max_stop_sequences").asInt()).isEqualTo(4);
    assertThat(info.at("/max_top_n_tokens").asInt()).isEqualTo(20);
    assertThat(info.at("/payload_limit").asInt()).isEqualTo(1000);
    assertThat(info.at("/max_input_length").asInt()).isEqualTo(256);
    assertThat(info.at("/models/embed"))
        .isEqualTo(
            json.readTree(
                """
                {"model_id":"tiny-embedder","state":"ready","model_sha":"abc","model_dtype":"float32",
                 "model_device_type":"cpu","max_concurrent_requests":512,"max_input_tokens":256}
                """));
    assertThat(info.at("/models/generate/max_concurrent_requests").asInt()).isEqualTo(128);
    assertThat(info.propertyNames())
        .as("fields of text-generation-inference")
        .contains(
            "model_id",
            "model_sha",
            "model_pipeline_tag",
            "max_concurrent_requests",
            "max_best_of",
            "max_stop_sequences",
            "max_input_tokens",
            "max_total_tokens",
            "validation_workers",
            "max_client_batch_size",
            "router",
            "version",
            "sha",
            "docker_label");
    assertThat(info.propertyNames())
        .as("fields of text-embeddings-inference")
        .contains(
            "model_dtype",
            "served_model_name",
            "model_type",
            "max_input_length",
            "max_batch_tokens",
            "max_batch_requests",
            "auto_truncate",
            "tokenization_workers");
    assertThat(info.at("/model_id").asString()).isEqualTo("tiny-generator");
    assertThat(info.at("/served_model_name").asString()).isEqualTo("tiny-embedder");
    assertThat(info.at("/model_pipeline_tag").asString()).isEqualTo("text-generation");
    assertThat(info.at("/max_concurrent_requests").asInt()).isEqualTo(128);
  }

  @Test
  void answersAProgramAtTheRootWithTheHealth() throws Exception {
    for (String accept : new String[] {"*/*", "application/json", "application/json, */*"}) {
      embed.become(new Served.Ready<>(new Engine()));
      assertThat(send(request("/").header("Accept", accept)).statusCode()).isEqualTo(200);
      embed.become(new Served.Coming<>(DOWNLOADING));
      assertThat(send(request("/").header("Accept", accept)).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void leadsABrowserToTheDocumentation() throws Exception {
    HttpResponse<String> response = send(request("/").header("Accept", "text/html,*/*;q=0.8"));
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Location").orElseThrow()).endsWith("/docs");
    HttpResponse<String> documentation = get("/docs");
    assertThat(documentation.statusCode()).isEqualTo(302);
    assertThat(get("/swagger-ui/index.html").body()).contains("Swagger UI");
  }

  @Test
  void describesItselfWithTheNamesOnTheWireAtBothAddresses() throws Exception {
    String description = get("/v3/api-docs").body();
    assertThat(json.readTree(get("/api-doc/openapi.json").body()))
        .isEqualTo(json.readTree(description));
    JsonNode root = json.readTree(description);
    assertThat(root.at("/info/title").asString()).isEqualTo("Diptych");
    assertThat(root.at("/components/schemas/ServiceInfo/properties").propertyNames())
        .contains("max_client_batch_size", "max_input_length", "max_top_n_tokens")
        .doesNotContain("maxClientBatchSize");
    assertThat(root.at("/components/schemas/ModelInfo/properties").propertyNames())
        .contains("model_id", "state", "model_dtype");
    assertThat(root.at("/paths").propertyNames()).contains("/health", "/info", "/ping");
  }

  @Test
  void takesABodyOfTheLimit() throws Exception {
    assertThat(post(BodyPublishers.ofString("x".repeat(1000))).body()).isEqualTo("1000");
    assertThat(post(chunked(1000)).body()).isEqualTo("1000");
    assertThat(post(chunked(7)).body()).isEqualTo("7");
  }

  @Test
  void refusesADeclaredBodyBeyondTheLimit() throws Exception {
    HttpResponse<String> response = post(BodyPublishers.ofString("x".repeat(1001)));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .isEqualTo("application/problem+json");
    assertThat(response.body()).contains("1001").contains("1000 bytes");
  }

  @Test
  void refusesAChunkedBodyBeyondTheLimit() throws Exception {
    HttpResponse<String> response = post(chunked(100_000));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("1000 bytes").contains("diptych.http.max-body-size");
  }

  @Test
  void describesAnUnknownPathAndAWrongMethodAsProblems() throws Exception {
    HttpResponse<String> unknown = send(request("/nowhere").header("Accept", "text/html"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json.readTree(unknown.body()).at("/detail").asString()).contains("/nowhere");
    HttpResponse<String> method = get("/echo");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).hasValue("OPTIONS,POST");
    assertThat(method.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json.readTree(method.body()).at("/detail").asString()).contains("GET", "POST");
  }

  @Test
  void answersErrorsOfAPathInTheBodyOfItsDialect() throws Exception {
    for (String path : new String[] {"/generate/more", "/fill-mask/more", "/embed/more"}) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(json.readTree(response.body()).at("/error").asString()).contains(path);
      assertThat(json.readTree(response.body()).at("/error_type").asString())
          .isEqualToIgnoringCase("validation");
    }
    HttpResponse<String> openAi = get("/v1/models");
    assertThat(openAi.statusCode()).isEqualTo(404);
    assertThat(json.readTree(openAi.body()).at("/error/message").asString()).contains("/v1/models");
    assertThat(json.readTree(openAi.body()).at("/error/type").asString())
        .isEqualTo("invalid_request_error");
    HttpResponse<String> method = get("/v1/echo");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).hasValue("OPTIONS,POST");
    assertThat(json.readTree(method.body()).at("/error/message").asString()).contains("use POST");
  }

  @Test
  void namesEveryMethodThatAPathAnswers() throws Exception {
    HttpResponse<String> response =
        send(request("/health").method("PATCH", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow").orElseThrow().split(","))
        .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
    HttpResponse<String> options =
        send(request("/health").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(options.headers().firstValue("Allow").orElseThrow().split(","))
        .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
  }

  @Test
  void refusesTraceAsAnyOtherMethodThatAPathDoesNotAnswer() throws Exception {
    HttpResponse<String> get = send(request("/health").method("TRACE", BodyPublishers.noBody()));
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow").orElseThrow().split(","))
        .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
    HttpResponse<String> post = send(request("/v1/echo").method("TRACE", BodyPublishers.noBody()));
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).hasValue("OPTIONS,POST");
    assertThat(json.readTree(post.body()).at("/error/message").asString()).contains("use POST");
  }

  @Test
  void answersAFaultInTheBodyOfItsDialect() throws Exception {
    for (String path : new String[] {"/generate/fault", "/embed/fault", "/fill-mask/fault"}) {
      HttpResponse<String> response = post(path, BodyPublishers.ofString("x"));
      assertThat(response.statusCode()).as(path).isEqualTo(500);
      assertThat(json.readTree(response.body()).at("/error").asString())
          .isEqualTo("the service failed; its log says why");
    }
    HttpResponse<String> openAi = post("/v1/fault", BodyPublishers.ofString("x"));
    assertThat(openAi.statusCode()).isEqualTo(500);
    assertThat(json.readTree(openAi.body()).at("/error/type").asString()).isEqualTo("server_error");
    HttpResponse<String> other = post("/fault", BodyPublishers.ofString("x"));
    assertThat(other.statusCode()).isEqualTo(500);
    assertThat(other.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(other.body()).doesNotContain("StackOverflow");
  }

  @Test
  void hasNothingAtThePathOfErrors() throws Exception {
    assertThat(get("/error").statusCode()).isEqualTo(404);
  }

  @Test
  void informsABrowserToo() throws Exception {
    HttpResponse<String> response = send(request("/info").header("Accept", "text/html"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void shortensWhatItSendsBack() throws Exception {
    HttpResponse<String> response = get("/" + "x".repeat(5000));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).hasSizeLessThan(1000).contains("more characters");
  }

  private static BodyPublisher chunked(int bytes) {
    byte[] body = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpResponse<String> post(BodyPublisher body) throws IOException, InterruptedException {
    return post("/echo", body);
  }

  private HttpResponse<String> post(String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return send(request(path).header("Content-Type", "text/plain").POST(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .version(HttpClient.Version.HTTP_1_1);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** An embedder that only tells about itself. */
  static final class Engine implements ModelFacts.Known {
    @Override
    public ModelFacts facts() {
      return new ModelFacts("fake", "abc", "float32", "cpu", 256, null, null);
    }
  }

  @RestController
  static class Echo {
    @PostMapping({"/echo", "/v1/echo"})
    String length(@RequestBody String body) {
      return Integer.toString(body.length());
    }

    @PostMapping({"/fault", "/generate/fault", "/embed/fault", "/fill-mask/fault", "/v1/fault"})
    String fail() {
      throw new StackOverflowError("a fault that nobody catches");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableConfigurationProperties(DiptychSettings.class)
  @ComponentScan(
      basePackages = "dev.diptych.http.connection",
      excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*Test.*"))
  @Import({
    Echo.class,
    EnginesHealthIndicator.class,
    HealthController.class,
    InfoController.class,
    ModelStates.class,
    ModelsHealthIndicator.class,
    OpenApiConfiguration.class,
    ServiceErrors.class,
    ServiceVersion.class,
    TraceRequests.class,
    UnansweredErrors.class
  })
  static class Application {
    @Bean
    Served<Integer> generate() {
      return new Served<>(Role.GENERATE, "tiny-generator");
    }

    @Bean
    Served<String> fillMask() {
      return new Served<>(Role.FILL_MASK, "");
    }

    @Bean
    Served<Engine> embed() {
      return new Served<>(Role.EMBED, "tiny-embedder");
    }

    @Bean
    ServedModels<Integer> generatorModels(Served<Integer> served) {
      return ServedModels.of(served);
    }

    @Bean
    ServedModels<String> maskFillerModels(Served<String> served) {
      return ServedModels.of(served);
    }

    @Bean
    ServedModels<Engine> embedderModels(Served<Engine> served) {
      return ServedModels.of(served);
    }
  }
}
