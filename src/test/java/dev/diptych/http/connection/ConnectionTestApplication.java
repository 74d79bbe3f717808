package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests behind the gate whose handlers wait as engines do. Neither a configuration nor its
 * handlers a component of the service, so that no other test finds them by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(DiptychSettings.class)
@ComponentScan("dev.diptych.http.connection")
@ComponentScan(
    basePackages = "dev.diptych.http.service",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.UnansweredErrors"))
class ConnectionTestApplication {

  @TestComponent
  @RestController
  static class Handlers {

    /** What became of each request, by its name. */
    private final Map<String, BlockingQueue<String>> outcomes = new ConcurrentHashMap<>();

    BlockingQueue<String> outcome(String name) {
      return outcomes.computeIfAbsent(name, _ -> new LinkedBlockingQueue<>());
    }

    String awaitOutcome(String name) throws InterruptedException {
      return String.valueOf(outcome(name).poll(10, TimeUnit.SECONDS));
    }

    @PostMapping(path = {"/echo", "/embed", "/generate", "/fill-mask", "/v1/embeddings"})
    String length(@RequestBody byte[] body) {
      return Integer.toString(body.length);
    }

    @GetMapping("/wait")
    String hold(@RequestParam String name, @RequestParam int millis) throws InterruptedException {
      outcome(name).add("begun");
      try {
        boolean released = outcome(name + " may end").poll(millis, TimeUnit.MILLISECONDS) != null;
        outcome(name).add(released ? "released" : "ended");
        return name;
      } catch (InterruptedException e) {
        outcome(name).add("interrupted");
        throw e;
      }
    }

    @GetMapping("/fault")
    String fault() {
      LoggerFactory.getLogger(Handlers.class).warn("about to fail");
      throw new IllegalStateException("injected");
    }

    @GetMapping("/endless")
    void write(@RequestParam String name, HttpServletResponse response) throws IOException {
      outcome(name).add("begun");
      byte[] page = new byte[64 << 10];
      try (OutputStream output = response.getOutputStream()) {
        while (true) {
          output.write(page);
        }
      } catch (IOException e) {
        outcome(name).add("given up");
        throw e;
      }
    }
  }
}
