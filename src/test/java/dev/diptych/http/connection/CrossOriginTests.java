package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Pages of browsers that call the service. */
@ConnectionTest
class CrossOriginTests {

  @LocalServerPort private int port;

  private String ask(String method, String path, String origin, String further) throws Exception {
    try (RawClient client = new RawClient(port)) {
      return client
          .send(
              "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: %s\r\n%s\r\n"
                  .formatted(method, path, origin, further))
          .rest();
    }
  }

  private String preflight(String path, String origin) throws Exception {
    return ask(
        "OPTIONS",
        path,
        origin,
        String.join(
            "\r\n",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type, x-y",
            ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "http://localhost:3000",
        "https://127.0.0.1:8443",
        "http://[::1]:5173"
      })
  void letsPagesOfThisMachineCall(String origin) throws Exception {
    for (String path : new String[] {"/embed", "/generate", "/nothing"}) {
      assertThat(preflight(path, origin))
          .startsWith("HTTP/1.1 204")
          .contains("Access-Control-Allow-Origin: " + origin)
          .contains("Access-Control-Allow-Methods: GET, HEAD, POST")
          .contains("Access-Control-Allow-Headers: content-type, x-y")
          .contains("Vary: Origin");
    }
    for (String path : new String[] {"/wait?name=page&millis=0", "/nothing", "/wait?%zz"}) {
      assertThat(ask("GET", path, origin, ""))
          .as(path)
          .contains("Access-Control-Allow-Origin: " + origin);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://a.example", "http://localhost.a.example", "null", "https://[::2]"})
  void allowsNoOtherPageUnlessASettingDoes(String origin) throws Exception {
    assertThat(preflight("/embed", origin))
        .startsWith("HTTP/1.1 403")
        .contains("diptych.http.cors-origins")
        .doesNotContain("Access-Control-Allow");
    assertThat(ask("GET", "/wait?name=other&millis=0", origin, ""))
        .startsWith("HTTP/1.1 200")
        .doesNotContain("Access-Control-Allow");
  }
}
