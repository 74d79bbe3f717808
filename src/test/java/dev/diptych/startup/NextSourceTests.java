package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.diptych.DiptychApplication;
import dev.diptych.encoding.Embedder;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A catalogued model of which the first source has files that cannot be loaded. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=",
      "diptych.models.fill-mask=",
      "diptych.models.embed=tiny",
      "diptych.models.hub-cache=",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class NextSourceTests {

  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private static Path folder;
  private static HttpServer hub;

  @Autowired private ServedModels<Embedder> embedders;

  /** The weights of another model than config.json describes, and the right ones. */
  @BeforeAll
  static void start() throws IOException {
    for (String name : new String[] {"broken", "whole"}) {
      Path repository = Files.createDirectories(folder.resolve("acme").resolve(name));
      for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
        boolean other = name.equals("broken") && file.equals("model.safetensors");
        Files.copy(
            CHECKPOINTS.resolve(other ? "gpt2" : "bert").resolve(file), repository.resolve(file));
      }
    }
    Files.writeString(
        folder.resolve("catalog.yml"),
        """
        models:
          tiny:
            sources:
              - hub: {repository: acme/broken}
              - hub: {repository: acme/whole}
        """);
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext("/", NextSourceTests::answer);
    hub.start();
  }

  @AfterAll
  static void stop() {
    hub.stop(0);
  }

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add(
        "diptych.models.hub-endpoint", () -> "http://127.0.0.1:" + hub.getAddress().getPort());
    registry.add("diptych.models.catalog", () -> folder.resolve("catalog.yml"));
    registry.add("diptych.models.store", () -> folder.resolve("store"));
  }

  @Test
  void theNextSourceIsServed() throws IOException {
    while (embedders.first().state() instanceof Served.Coming<?>) {
      Thread.onSpinWait();
    }

    assertThat(embedders.first().state()).isInstanceOf(Served.Ready.class);
    assertThat(folder.resolve("store/tiny/manifest.json")).content().contains("acme/whole@main");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
      byte[] body =
          path[0].equals("api")
              ? list(folder.resolve("acme").resolve(path[3])).getBytes(StandardCharsets.UTF_8)
              : Files.readAllBytes(folder.resolve("acme").resolve(path[1]).resolve(path[4]));
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String list(Path repository) throws IOException {
    try (Stream<Path> files = Files.list(repository)) {
      return "{\"sha\": \"%s\", \"siblings\": [%s]}"
          .formatted(
              COMMIT,
              String.join(
                  ",",
                  files
                      .map(file -> "{\"rfilename\": \"%s\"}".formatted(file.getFileName()))
                      .toList()));
    }
  }
}
