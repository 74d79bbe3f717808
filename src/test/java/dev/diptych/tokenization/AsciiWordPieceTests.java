package dev.diptych.tokenization;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Beside the library, which encodes with offsets. */
class AsciiWordPieceTests {

  private static final Path BERT = Path.of("src/test/resources/checkpoints/bert");

  private final Tokenizers tokenizers = new Tokenizers();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    tokenizers.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tokensAreThoseOfTheLibrary(boolean lowercase) throws IOException {
    Path model = withLowercase(lowercase);
    Tokenizer library = tokenizers.open(model);
    AsciiWordPiece ascii = requireNonNull(ascii(model, library));
    Random random = new Random(lowercase ? 1 : 2);
    for (int i = 0; i < 20_000; i++) {
      String text = text(random, library);
      boolean special = random.nextBoolean();
      int[] expected = library.encodeWithOffsets(text, special).ids();
      assertThat(ascii.encode(text, special)).as("'%s'", text).isEqualTo(expected);
      assertThat(library.encode(text, special)).isEqualTo(expected);
    }
  }

  /* Entries of the vocabulary, joined with and without spaces, and any characters between them. */
  private static String text(Random random, Tokenizer library) {
    StringBuilder text = new StringBuilder();
    int parts = random.nextInt(12);
    for (int i = 0; i < parts; i++) {
      String token = library.token(random.nextInt(library.vocabularySize()));
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) (' ' + random.nextInt('~' - ' ' + 1)));
        case 1 -> text.append("\t\n\r  ".charAt(random.nextInt(5)));
        case 2 -> text.append(token == null ? "" : token.replace("#", "").toUpperCase(Locale.ROOT));
        case 3 -> text.append("x".repeat(random.nextInt(120)));
        default -> text.append(token == null ? "" : token.replace("#", "")).append(' ');
      }
    }
    return text.toString().replaceAll("[^\t\n\r -~]|\\[", "-");
  }

  @Test
  void textThatItDoesNotKnowIsLeftToTheLibrary() throws IOException {
    Tokenizer library = tokenizers.open(BERT);
    AsciiWordPiece ascii = requireNonNull(ascii(BERT, library));
    for (String text :
        List.of("caf\u00e9", "a [MASK] b", "a[b", "a\u0000b", "a\u007fb", "\u732b", "a\u00a0b")) {
      assertThat(ascii.encode(text, true)).as("'%s'", text).isNull();
      assertThat(library.encode(text, true)).isEqualTo(library.encodeWithOffsets(text, true).ids());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "roberta", "llama-tied", "qwen2"})
  void otherKindsOfTokenizersAreLeftToTheLibrary(String name) throws IOException {
    Path model = BERT.resolveSibling(name);
    assertThat(ascii(model, tokenizers.open(model))).isNull();
  }

  @Test
  void aTemplateWithTheTextTwiceIsLeftToTheLibrary() throws IOException {
    JsonNode definition = Checkpoints.json(BERT.resolve("tokenizer.json"));
    ArrayNode template = (ArrayNode) definition.path("post_processor").path("single");
    template.add(template.get(1).deepCopy());
    Files.writeString(folder.resolve("tokenizer.json"), definition.toString());
    Tokenizer library = tokenizers.open(folder);
    assertThat(ascii(folder, library)).isNull();
    assertThat(library.encode("b", true)).isEqualTo(library.encodeWithOffsets("b", true).ids());
  }

  private static @Nullable AsciiWordPiece ascii(Path model, Tokenizer library) throws IOException {
    TokenizerFiles files = TokenizerFiles.read(model);
    return AsciiWordPiece.of(
        files,
        files.definition().vocabulary(),
        text -> library.encodeWithOffsets(text, true).ids());
  }

  private Path withLowercase(boolean lowercase) throws IOException {
    JsonNode definition = Checkpoints.json(BERT.resolve("tokenizer.json"));
    ((ObjectNode) definition.path("normalizer")).put("lowercase", lowercase);
    Files.writeString(folder.resolve("tokenizer.json"), definition.toString());
    return folder;
  }
}
