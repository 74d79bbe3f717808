package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@link EmbedderTests} do not reach: inputs of so many characters that several cores take
 * them.
 */
class TextEncoderTests {

  private final TextEncoder encoder =
      new TextEncoder(new WordTokenizer(), new EncoderLimits(6, 4, true), Prompts.NONE);

  @Test
  void manyCharactersKeepTheirOrder() {
    List<EmbedInput> inputs =
        Stream.of("a", "b", "c", "d")
            .<EmbedInput>map(word -> new EmbedInput.Text(word + " a".repeat(700)))
            .toList();

    assertThat(encoder.encode(inputs, TextOptions.DEFAULT))
        .extracting(encoded -> encoded.tokenIds()[1])
        .containsExactly(1037, 1038, 1039, 1040);
  }

  @Test
  void theFirstOfManyCharactersThatMustBeRefusedIsReported() {
    EmbedInput many = new EmbedInput.Text("a".repeat(5000));
    EmbedInput empty = new EmbedInput.Text("");
    EmbedInput unknown = new EmbedInput.TokenIds(new int[] {70000});

    assertThatThrownBy(() -> encode(many, unknown, empty, many))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("70000");
    assertThatThrownBy(() -> encode(many, many, empty, unknown))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` cannot be empty");
  }

  private void encode(EmbedInput... inputs) {
    encoder.encode(List.of(inputs), TextOptions.DEFAULT);
  }
}
