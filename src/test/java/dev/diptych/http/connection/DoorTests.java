package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.DiptychSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Who is let in where keys are set. */
@DoorTest
class DoorTests {

  @LocalServerPort private int port;

  private String ask(String method, String path, String... headers) throws Exception {
    String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    try (RawClient client = new RawClient(port)) {
      return client
          .send(
              "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n"
                  .formatted(method, path, further))
          .rest();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/generate | application/json | {\"error\":\"the request needs an API key: `Authorization:"
            + " Bearer` and the key\",\"error_type\":\"unauthorized\"}",
        "/fill-mask | application/json | {\"error\":\"the request needs an API key: `Authorization:"
            + " Bearer` and the key\",\"error_type\":\"unauthorized\"}",
        "/embed | application/json | {\"error\":\"the request needs an API key: `Authorization:"
            + " Bearer` and the key\",\"error_type\":\"Unauthorized\"}",
        "/v1/models | application/json | {\"error\":{\"message\":\"the request needs an API key:"
            + " `Authorization: Bearer` and the key\",\"type\":\"invalid_request_error\","
            + "\"param\":null,\"code\":\"invalid_api_key\"}}",
        "/nothing | application/problem+json | {\"title\":\"Unauthorized\",\"status\":401,"
            + "\"detail\":\"the request needs an API key: `Authorization: Bearer` and the key\"}"
      })
  void refusesARequestWithoutAKeyInTheDialectOfItsPath(String path, String type, String body)
      throws Exception {
    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      assertThat(ask(method, path))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("content-type: " + type)
          .contains("WWW-Authenticate: Bearer")
          .endsWith("\r\n\r\n" + body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer key-of-alice",
        "Authorization: Bearer key-of-bob",
        "authorization: bearer  key-of-bob",
        "X-API-Key: key-of-alice"
      })
  void letsEveryKeyIn(String header) throws Exception {
    assertThat(ask("GET", "/wait?name=door&millis=0", header)).startsWith("HTTP/1.1 200");
    assertThat(ask("GET", "/nothing", header)).startsWith("HTTP/1.1 404");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer key-of-alic",
        "Authorization: Bearer key-of-alicee",
        "Authorization: Bearer KEY-OF-ALICE",
        "Authorization: Bearer key-of-alice, key-of-bob",
        "Authorization: Bearer ",
        "Authorization: Bearer",
        "Authorization: key-of-alice",
        "Authorization: Basic a2V5LW9mLWFsaWNl",
        "X-API-Key: key-of-eve",
        "X-API-Key: ",
        "Cookie: key-of-alice"
      })
  void letsNothingElseIn(String header) throws Exception {
    assertThat(ask("GET", "/wait?name=door&millis=0", header)).startsWith("HTTP/1.1 401");
  }

  @Test
  void aWrongBearerTokenIsNotMadeGoodByAnotherHeader() throws Exception {
    assertThat(
            ask("GET", "/wait?name=d&millis=0", "Authorization: Bearer x", "X-API-Key: key-of-bob"))
        .startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/health",
        "/ping",
        "/actuator/health",
        "/actuator/health/liveness",
        "/livez",
        "/readyz",
        "/docs",
        "/swagger-ui/index.html",
        "/v3/api-docs",
        "/api-doc/openapi.json"
      })
  void healthAndDocumentationAreOpenToReaders(String path) throws Exception {
    assertThat(ask("GET", path)).doesNotStartWith("HTTP/1.1 401");
    assertThat(ask("HEAD", path)).doesNotStartWith("HTTP/1.1 401");
    assertThat(ask("POST", path)).startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/info",
        "/v1/models",
        "/actuator",
        "/actuator/info",
        "/actuator/metrics",
        "/actuator/prometheus",
        "/metrics",
        "/healthy",
        "/health/",
        "/%68ealth",
        "/health;a=b",
        "/docs/..;/wait?name=d&millis=0",
        "/wait/..;/health",
        "/wait/%2e%2e/health",
        "/v3/api-docs/../../wait?name=d&millis=0",
        "//health"
      })
  void nothingElseIsOpen(String path) throws Exception {
    assertThat(ask("GET", path)).doesNotStartWith("HTTP/1.1 200").doesNotContain("HTTP/1.1 302");
    assertThat(ask("GET", path)).containsPattern("^HTTP/1.1 (401|400)");
  }

  @Test
  void aPreflightBringsNoKey() throws Exception {
    assertThat(
            ask(
                "OPTIONS",
                "/generate",
                "Origin: http://localhost:3000",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization"))
        .startsWith("HTTP/1.1 204")
        .contains("Access-Control-Allow-Headers: authorization");
    assertThat(ask("POST", "/generate", "Origin: http://localhost:3000"))
        .startsWith("HTTP/1.1 401")
        .contains("Access-Control-Allow-Origin: http://localhost:3000");
  }

  @Test
  void refusesBeforeABodyIsRead() throws Exception {
    try (RawClient client = new RawClient(port)) {
      assertThat(client.head("/generate", 50_000).upTo("\r\n")).startsWith("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"good,,", "two words", "schlüssel"})
  void refusesToStartWithAKeyThatCannotBeSentAndDoesNotTellIt(String keys) {
    DiptychSettings settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of("diptych.http.api-keys", keys.equals("good,,") ? "good,," : keys)))
            .bindOrCreate("diptych", DiptychSettings.class);

    assertThatThrownBy(() -> new ApiKeys(settings))
        .hasMessageContaining("diptych.http.api-keys")
        .hasMessageNotContainingAny("good", "two words", "schl");
  }
}
