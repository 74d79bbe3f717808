package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JoinedEntriesTests {

  @Test
  void spellWhatTransformersMakesOfThem() throws Exception {
    JsonNode references =
        JsonMapper.shared().readTree(Path.of("src/test/resources/tasks/joined.json"));
    try (Tokenizers tokenizers = new Tokenizers()) {
      for (JsonNode reference : references.get("cases")) {
        Tokenizer tokenizer =
            tokenizers.open(
                Path.of("src/test/resources/families", reference.get("model").stringValue()));
        List<String> entries =
            reference.get("entries").valueStream().map(JsonNode::stringValue).toList();

        assertThat(tokenizer.joined(entries))
            .as(reference.toString())
            .isEqualTo(reference.get("text").stringValue());
      }
    }
  }
}
