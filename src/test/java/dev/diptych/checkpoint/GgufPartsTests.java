package dev.diptych.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GGUF model in two files. */
class GgufPartsTests {

  private static final String FIRST = "tiny-00001-of-00002.gguf";
  private static final String SECOND = "tiny-00002-of-00002.gguf";

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    GgufFile first = GgufModelTests.withTokenizer(GgufModelTests.architecture("llama"), "gpt-2");
    GgufModelTests.withWeights(split(first, 0, 2), GgufPartsTests::inFirst)
        .write(folder.resolve(FIRST));
    GgufModelTests.withWeights(split(new GgufFile(), 1, 2), name -> !inFirst(name))
        .write(folder.resolve(SECOND));
  }

  private static boolean inFirst(String name) {
    return name.contains("layers.0") || name.contains("embed");
  }

  private static GgufFile split(GgufFile file, int number, int count) {
    return file.whole("split.no", number).whole("split.count", count);
  }

  @Test
  void isReadWithItsSibling() throws IOException {
    Path whole =
        GgufModelTests.withWeights(
                GgufModelTests.withTokenizer(GgufModelTests.architecture("llama"), "gpt-2"))
            .write(folder.resolve("whole.gguf"));

    Map<String, StoredTensor> expected = GgufModel.read(whole).tensors();
    Map<String, StoredTensor> actual = GgufModel.read(folder.resolve(FIRST)).tensors();
    assertThat(actual).containsOnlyKeys(expected.keySet());
    actual.forEach(
        (name, tensor) ->
            assertThat(tensor.shape()).isEqualTo(requireNonNull(expected.get(name)).shape()));
    assertThat(actual.values())
        .extracting(tensor -> tensor.file().getFileName().toString())
        .contains(FIRST, SECOND);
    assertThat(GgufModel.readWithoutTokenizer(folder.resolve(FIRST)).tensors())
        .hasSameSizeAs(expected);
    assertThat(GgufModel.files(folder.resolve(FIRST))).hasSize(2);
    assertThat(GgufModel.files(whole)).containsExactly(whole);
  }

  @Test
  void namesThePartThatIsMissing() throws IOException {
    Files.delete(folder.resolve(SECOND));

    assertRefused(FIRST, "one of 2 parts", SECOND, "missing");
  }

  @Test
  void namesAllPartsThatAreMissing() throws IOException {
    split(new GgufFile(), 0, 9).write(folder.resolve("large-00001-of-00009.gguf"));
    split(new GgufFile(), 2, 9).write(folder.resolve("large-00003-of-00009.gguf"));

    assertRefused(
        "large-00001-of-00009.gguf",
        "one of 9 parts, of which 7 are missing: large-00002-of-00009.gguf, large-00004-of",
        ", …");
  }

  @Test
  void refusesPartsThatHaveOtherTensorsThanAllTogetherShould() throws IOException {
    GgufFile first = GgufModelTests.withTokenizer(GgufModelTests.architecture("llama"), "gpt-2");
    GgufModelTests.withWeights(
            split(first, 0, 2).whole("split.tensors.count", 40), GgufPartsTests::inFirst)
        .write(folder.resolve(FIRST));

    assertRefused(FIRST, "split.tensors.count is 40", "2 parts have 29 tensors");
  }

  @Test
  void namesTheFirstPartWhenAnotherIsGiven() {
    assertRefused(SECOND, "part 2 of 2", FIRST);
  }

  @Test
  void refusesAPartThatIsNotCalledLikeOne() throws IOException {
    Files.move(folder.resolve(FIRST), folder.resolve("first.gguf"));

    assertRefused("first.gguf", "part 1 of 2", "not called");
  }

  @Test
  void refusesAPartOfAnotherModel() throws IOException {
    split(new GgufFile(), 1, 3).write(folder.resolve(SECOND));

    assertRefused(FIRST, SECOND, "not part 2 of 2");
  }

  @Test
  void refusesATensorInTwoParts() throws IOException {
    GgufModelTests.withWeights(split(new GgufFile(), 1, 2)).write(folder.resolve(SECOND));

    assertRefused(FIRST, "in another part too");
  }

  private void assertRefused(String name, String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> GgufModel.read(folder.resolve(name)))
        .withMessageContainingAll(parts);
  }
}
