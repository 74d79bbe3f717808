package dev.diptych.bench.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * A request that the service must refuse.
 *
 * @param status that the answer must have
 */
record BadRequest(String path, String body, int status) {

  static final List<BadRequest> ALL =
      List.of(
          new BadRequest("/generate", "{\"inputs\":", 400),
          new BadRequest("/generate", "{\"inputs\":\"\"}", 422),
          new BadRequest(
              "/generate_stream", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":0}}", 422),
          new BadRequest("/fill-mask", "{\"inputs\":5}", 422),
          new BadRequest("/fill-mask", "{\"inputs\":\"no mask\"}", 422),
          new BadRequest("/embed", "{\"inputs\":\"\"}", 400),
          new BadRequest("/embed", "{\"inputs\":[\"a\"%s]}".formatted(",\"a\"".repeat(32)), 422),
          new BadRequest("/embed", "{\"inputs\":\"%s\"}".formatted("a ".repeat(1_000_000)), 413),
          new BadRequest("/nowhere", "{}", 404));

  byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
