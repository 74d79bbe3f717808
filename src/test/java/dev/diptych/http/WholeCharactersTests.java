package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WholeCharactersTests {

  private static final JsonMapper JSON =
      JsonMapper.builder(new StrictJsonFactory(JsonFactory.builder()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  record Named(@Nullable String name) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\\ud83d\"}",
        "{\"name\":\"\\ud83dx\"}",
        "{\"name\":\"a\\ude00\"}",
        "{\"name\":\"\\ude00\\ud83d\"}",
        "{\"name\":\"\\ud83d\\ud83d\\ude00\"}",
        "{\"\\ud83d\":1}",
        "{\"other\":\"\\ud83d\",\"name\":\"a\"}",
        "{\"other\":[{\"\\ude00\":[]}],\"name\":\"a\"}"
      })
  void refusesHalfOfASurrogatePairInAnyStringOrName(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

    assertRefused(() -> JSON.readTree(bytes));
    assertRefused(() -> JSON.readValue(bytes, Named.class));
    assertRefused(() -> JSON.readValue(bytes, Map.class));
    assertRefused(() -> JSON.readValue(new ByteArrayInputStream(bytes), Named.class));
    assertRefused(() -> JSON.readValue(new StringReader(json), Named.class));
    assertRefused(() -> JSON.readValue(json, JsonNode.class));
  }

  @Test
  void refusesBytesThatSpellASurrogate() {
    byte[] json = "{\"name\":\"???\"}".getBytes(StandardCharsets.UTF_8);
    json[9] = (byte) 0xED;
    json[10] = (byte) 0xA0;
    json[11] = (byte) 0x80;

    assertRefused(() -> JSON.readValue(json, Named.class));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] json = "{\"name\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    for (int wrong : new int[] {0x80, 0xC3, 0xFF}) {
      json[9] = (byte) wrong;

      assertThatThrownBy(() -> JSON.readValue(json, Named.class))
          .isInstanceOf(StreamReadException.class);
    }
  }

  @Test
  void takesWholeCharactersHoweverTheyAreWritten() {
    assertThat(JSON.readValue("{\"name\":\"\\ud83d\\ude00 😀 \\u00e9\"}", Named.class).name())
        .isEqualTo("😀 😀 é");
    assertThat(JSON.readTree("{\"\\ud83d\\ude00\":1}").has("😀")).isTrue();
  }

  private static void assertRefused(Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOf(StreamReadException.class)
        .hasMessageContaining("urrogate");
  }
}
