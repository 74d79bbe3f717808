package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationDefaultsTests {

  private static final int VOCABULARY = 100;

  @TempDir private Path folder;

  @Test
  void whateverNamesAnEndTokenIsBelieved() throws IOException {
    assertThat(ends("{}", null, OptionalInt.empty())).isEmpty();
    assertThat(ends("{\"eos_token_id\":1}", null, OptionalInt.empty())).containsExactly(1);
    assertThat(ends("{\"eos_token_id\":[1,2]}", null, OptionalInt.empty()))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(ends("{}", "{\"eos_token_id\":[3]}", OptionalInt.empty())).containsExactly(3);
    assertThat(ends("{}", "{}", OptionalInt.of(4))).containsExactly(4);
    assertThat(ends("{\"eos_token_id\":1}", "{\"eos_token_id\":[2,3]}", OptionalInt.of(4)))
        .containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(ends("{\"eos_token_id\":null}", "{\"eos_token_id\":0}", OptionalInt.of(0)))
        .containsExactly(0);
  }

  @Test
  void idsBeyondTheVocabularyAreLeftOut() throws IOException {
    assertThat(
            ends(
                "{\"eos_token_id\":[-1,5,100]}",
                "{\"eos_token_id\":99999999999999999999}",
                OptionalInt.of(100)))
        .containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"</s>\"", "[\"</s>\"]", "1.5", "[[1]]", "{}", "true"})
  void refusesWhatIsNoId(String value) {
    assertThatThrownBy(
            () -> ends("{}", "{\"eos_token_id\":%s}".formatted(value), OptionalInt.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("generation_config.json: eos_token_id must be a token id or a list");
  }

  @Test
  void tellsHowTheCheckpointSuggestsToDraw() throws IOException {
    assertThat(suggested("{}")).isEqualTo(SuggestedSampling.NONE);
    assertThat(
            suggested(
                "{\"do_sample\":true,\"temperature\":0.6,\"top_k\":20,\"top_p\":0.95,\"min_p\":0,"
                    + "\"typical_p\":1,\"repetition_penalty\":1.05}"))
        .isEqualTo(new SuggestedSampling(0.6f, 20, 0.95f, 0f, 1f, 1.05f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\":0",
        "\"temperature\":\"warm\"",
        "\"temperature\":1e-60",
        "\"top_k\":-1",
        "\"top_k\":2.5",
        "\"top_k\":1e30",
        "\"top_p\":0",
        "\"top_p\":1.1",
        "\"min_p\":2",
        "\"typical_p\":[]",
        "\"repetition_penalty\":-1",
        "\"repetition_penalty\":1e300"
      })
  void leavesOutSuggestionsThatNobodyCouldFollow(String field) throws IOException {
    assertThat(suggested("{" + field + "}")).isEqualTo(SuggestedSampling.NONE);
  }

  private SuggestedSampling suggested(String generation) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("generation_config.json"), generation);
    return GenerationDefaults.read(folder, OptionalInt.empty(), VOCABULARY).sampling();
  }

  private Set<Integer> ends(String config, @Nullable String generation, OptionalInt tokenizersEnd)
      throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    Files.deleteIfExists(folder.resolve("generation_config.json"));
    if (generation != null) {
      Files.writeString(folder.resolve("generation_config.json"), generation);
    }
    return GenerationDefaults.read(folder, tokenizersEnd, VOCABULARY).endOfTextIds();
  }
}
