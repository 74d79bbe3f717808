package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A GGUF file made of the smallest Llama of the tests, for tests of other packages. */
public final class TinyGguf {

  private TinyGguf() {}

  public static byte[] bytes() throws IOException {
    return with(UnaryOperator.identity());
  }

  /** The same with further metadata. */
  public static byte[] with(UnaryOperator<GgufFile> metadata) throws IOException {
    return GgufModelTests.withWeights(
            metadata.apply(
                GgufModelTests.withTokenizer(GgufModelTests.architecture("llama"), "gpt-2")))
        .toArray();
  }

  /** The same in two files, {@code name-00001-of-00002.gguf} and the second. */
  public static void writeParts(Path folder, String name) throws IOException {
    GgufFile first = GgufModelTests.withTokenizer(GgufModelTests.architecture("llama"), "gpt-2");
    GgufModelTests.withWeights(part(first, 0), TinyGguf::isInFirst)
        .write(folder.resolve(name + "-00001-of-00002.gguf"));
    GgufModelTests.withWeights(part(new GgufFile(), 1), tensor -> !isInFirst(tensor))
        .write(folder.resolve(name + "-00002-of-00002.gguf"));
  }

  private static GgufFile part(GgufFile file, int number) {
    return file.whole("split.no", number).whole("split.count", 2);
  }

  private static boolean isInFirst(String tensor) {
    return tensor.contains("layers.0") || tensor.contains("embed");
  }
}
