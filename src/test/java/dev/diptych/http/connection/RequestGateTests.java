package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is refused before a dialect sees it, in that dialect's body. */
@ConnectionTest
class RequestGateTests {

  @LocalServerPort private int port;
  @Autowired private BodyMemory memory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/generate | application/json | {\"error\":\"Input validation error: the request body has"
            + " 100001 bytes",
        "/fill-mask | application/json | {\"error\":\"the request body has 100001 bytes",
        "/embed | text/plain | the request body has 100001 bytes",
        "/v1/embeddings | application/json | {\"error\":{\"message\":\"the request body has 100001"
            + " bytes",
        "/v1/nothing | application/json | {\"error\":{\"message\":\"the request body has 100001"
            + " bytes",
        "/echo | application/problem+json | {\"title\":\"Content Too"
            + " Large\",\"status\":413,\"detail\":\"the request body has 100001 bytes"
      })
  void speaksTheDialectOfThePath(String path, String type, String body) throws Exception {
    try (RawClient client = new RawClient(port)) {
      String answer = client.head(path, 100_001).send("x".repeat(100_001)).rest();

      assertThat(answer)
          .startsWith("HTTP/1.1 413")
          .containsIgnoringCase("content-type: " + type)
          .contains("\r\n\r\n" + body)
          .contains("limit of 100000 bytes (diptych.http.max-body-size)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Type: */* | 415 | application/json. Given: */*",
        "Content-Type: application/*+json | 415 | Given: application/*+json",
        "Content-Type: application/*; charset=utf-8 | 415 | Given: application/*",
        "Content-Type: multipart/form-data | 415 | Given: multipart/form-data",
        "Content-Type: application/x-www-form-urlencoded; charset=utf-16 | 415 | x-www-form",
        "Content-Encoding: gzip | 415 | Content-Encoding: gzip",
        "Content-Encoding: nonsense | 415 | Content-Encoding: nonsense",
        "Content-Encoding: identity | 200 | 1"
      })
  void takesNoOtherTypesAndCodings(String header, int status, String message) throws Exception {
    for (String path : List.of("/generate", "/embed", "/fill-mask", "/v1/embeddings", "/echo")) {
      for (String method : status == 200 ? List.of("POST") : List.of("POST", "PUT", "DELETE")) {
        String type = header.startsWith("Content-Type") ? "" : "Content-Type: text/plain\r\n";
        try (RawClient client = new RawClient(port)) {
          client.send(
              "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s\r\nContent-Length: 1\r\n\r\nx"
                  .formatted(method, path, type, header));

          assertThat(client.rest())
              .as(method + path)
              .startsWith("HTTP/1.1 " + status)
              .contains(message);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"%zz", "a=%", "a=%2", "%41=%GG"})
  void refusesAnAddressThatCannotBeDecoded(String query) throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send(
          "GET /embed?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(query));

      assertThat(client.rest()).startsWith("HTTP/1.1 400").contains("Given: ?" + query);
    }
  }

  @Test
  void refusesABodyForWhichTheMemoryForBodiesHasNoRoom() throws Exception {
    List<RawClient> unfinished = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        unfinished.add(new RawClient(port).head("/embed", 90_000).send("x".repeat(80_000)));
      }
      await().until(() -> memory.taken() > 130_000);

      try (RawClient client = new RawClient(port)) {
        assertThat(client.head("/generate", 90_000).send("x".repeat(90_000)).rest())
            .startsWith("HTTP/1.1 429")
            .containsIgnoringCase("retry-after: 1")
            .contains("overloaded", "150000 bytes (diptych.http.body-memory)");
      }
      try (RawClient client = new RawClient(port)) {
        assertThat(client.head("/generate", 16_384).send("x".repeat(16_384)).rest())
            .startsWith("HTTP/1.1 200");
      }
    } finally {
      for (RawClient client : unfinished) {
        client.close();
      }
    }
    await().until(() -> memory.taken() == 0);
  }

  @ParameterizedTest
  @CsvSource({"1, 200", "4096, 200", "4097, 200", "99999, 200", "100000, 200", "100001, 413"})
  void readsAChunkedBodyUpToTheLimit(int size, int status) throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
              .formatted(size, "x".repeat(size)));

      assertThat(client.rest())
          .startsWith("HTTP/1.1 " + status)
          .contains(status == 200 ? Integer.toString(size) : "diptych.http.max-body-size");
    }
    await().until(() -> memory.taken() == 0);
  }

  @Test
  void makesRoomForANewClientWhenConnectionsRunOut() throws Exception {
    List<RawClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        RawClient client = new RawClient(port);
        silent.add(i % 2 == 0 ? client : client.head("/embed", 100).send("x"));
      }
      try (RawClient client = new RawClient(port)) {
        assertThat(client.head("/echo", 1).send("x").rest()).startsWith("HTTP/1.1 200");
      }
    } finally {
      for (RawClient client : silent) {
        client.close();
      }
    }
  }
}
