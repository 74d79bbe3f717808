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

  @Test
  void aTextThatIsCertainlyTooLongIsRefusedOrCutBeforeItIsTokenized() {
    TextEncoder wary =
        new TextEncoder(new WaryTokenizer(), new EncoderLimits(6, 4, true), Prompts.NONE);
    EmbedInput text = new EmbedInput.Text("a " + "b ".repeat(300) + "c");

    assertThat(encodeOne(wary, text, true, TruncationDirection.RIGHT))
        .containsExactly(101, 1037, 1038, 1038, 1038, 102);
    assertThat(encodeOne(wary, text, true, TruncationDirection.LEFT))
        .containsExactly(101, 1038, 1038, 1038, 1039, 102);
    assertThatThrownBy(() -> encodeOne(wary, text, false, TruncationDirection.RIGHT))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` must have at most 6 tokens. Given: at least 302");
  }

  private static int[] encodeOne(
      TextEncoder encoder, EmbedInput input, boolean truncate, TruncationDirection direction) {
    return encoder
        .encode(List.of(input), new TextOptions(truncate, direction, null))
        .getFirst()
        .tokenIds();
  }

  private void encode(EmbedInput... inputs) {
    encoder.encode(List.of(inputs), TextOptions.DEFAULT);
  }
}
