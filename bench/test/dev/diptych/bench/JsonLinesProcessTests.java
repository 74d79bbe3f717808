package dev.diptych.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesProcessTests {

  @Test
  void readsMeasuresByTheirNames() throws IOException {
    try (JsonLinesProcess process =
        shell(
            """
            echo '{"version":"1.2"}'
            read request
            [ "$request" = '{"work":"prefill"}' ] && echo '{"first_token":12.5,"token_rate":40}'
            """)) {
      assertThat(process.hello().path("version").asString()).isEqualTo("1.2");
      assertThat(process.measure(Map.of("work", "prefill")))
          .containsExactly(entry(Measure.TOKEN_RATE, 40.0), entry(Measure.FIRST_TOKEN, 12.5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exit 3, status 3",
    "kill -SEGV $$, a segmentation fault",
    "kill -ILL $$, an illegal"
  })
  void saysHowAProcessEndedThatAnswersNothing(String command, String end) {
    assertThatThrownBy(() -> shell(command))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its process ended with " + end);
  }

  @Test
  void saysWhyAPeerCannot() {
    assertThatThrownBy(() -> shell("echo '{\"error\":\"no such model\"}'"))
        .isInstanceOf(IOException.class)
        .hasMessage("no such model");
  }

  private static JsonLinesProcess shell(String script) throws IOException {
    return JsonLinesProcess.start(List.of("sh", "-c", script));
  }
}
