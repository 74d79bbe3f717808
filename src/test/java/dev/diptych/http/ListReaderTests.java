package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

class ListReaderTests {

  record Body(@JsonDeserialize(using = TextList.class) List<String> texts, int other) {}

  private final JsonMapper mapper = new JsonMapper();

  @Test
  void readsOneTextOrAList() {
    assertThat(read("\"a\"").texts()).containsExactly("a");
    assertThat(read("[]").texts()).isEmpty();
    assertThat(read("[\"a\",\"\",\"b\"]")).isEqualTo(new Body(List.of("a", "", "b"), 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "true", "{}", "[5]", "[null]", "[\"a\",[\"b\"]]", "[{\"a\":1}]"})
  void refusesAnythingElse(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            ValueInstantiationException.class,
            e ->
                assertThat(e.getPath())
                    .extracting(JacksonException.Reference::getPropertyName)
                    .containsExactly("texts"))
        .hasRootCauseMessage("must be a string or a list of strings");
  }

  @Test
  void refusesALongListWhereItBecomesTooLong() {
    String most = "[" + "\"a\",".repeat(ListReader.MAX_ELEMENTS - 1);

    assertThat(read(most + "\"a\"]").texts()).hasSize(65_536);
    assertThatThrownBy(() -> read(most + "\"a\",\"a\", no JSON"))
        .hasRootCauseMessage("must have at most 65536 elements");
  }

  @Test
  void refusesNestingAtItsFirstObject() {
    assertThatThrownBy(() -> read("[" + "{\"\":".repeat(100)))
        .hasRootCauseMessage("must be a string or a list of strings");
  }

  private Body read(String texts) {
    return mapper.readValue("{\"texts\":%s,\"other\":5}".formatted(texts), Body.class);
  }
}
