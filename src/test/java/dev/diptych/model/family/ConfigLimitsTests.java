package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.diptych.model.CheckpointJson;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLimitsTests {

  @TempDir private Path folder;

  private void refuses(String json, String problem) {
    assertThatIOException()
        .isThrownBy(
            () -> {
              Configs.write(folder, json);
              BlueprintReader.read(folder);
            })
        .withMessageStartingWith("config.json")
        .withMessageContaining(problem);
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    refuses("{\"x\": \"" + "a".repeat(CheckpointJson.MAX_BYTES) + "\"}", "bytes, more than");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 490, 100_000})
  void deepNestingIsRefusedBeforeItIsATree(int depth) {
    refuses("{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}", "nested deeper than 32");
  }

  @Test
  void manyValuesAreRefusedBeforeTheyAreATree() {
    refuses("{\"x\":[0" + ",{}".repeat(CheckpointJson.MAX_TOKENS) + "]}", "values");
  }

  @Test
  void aLongNumberOrNameIsRefused() {
    refuses("{\"x\":" + "9".repeat(10_000) + "}", "too long");
    refuses("{\"" + "x".repeat(10_000) + "\":0}", "too long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "3", "null", "{\"a\":", "{} {}", "{'a': 1}"})
  void whatIsNoObjectIsRefused(String json) {
    refuses(json, "JSON");
  }

  @Test
  void aLargeClassifierIsRead() throws IOException {
    var config = Configs.complete("bert");
    var names = config.putObject("id2label");
    var numbers = config.putObject("label2id");
    for (int i = 0; i < 21_843; i++) {
      names.put("" + i, "a label of several words, number " + i);
      numbers.put("a label of several words, number " + i, i);
    }
    assertThat(Configs.read(folder, config).vocabulary()).isEqualTo(256);
  }
}
