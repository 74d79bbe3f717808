package dev.diptych.http.connection;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** Answers of filters, which stand before whatever writes those of controllers. */
final class Answers {

  private Answers() {}

  static void write(HttpServletResponse response, JsonMapper mapper, ResponseEntity<Object> answer)
      throws IOException {
    byte[] body =
        answer.getBody() instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : mapper.writeValueAsBytes(answer.getBody());
    response.setStatus(answer.getStatusCode().value());
    answer
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
