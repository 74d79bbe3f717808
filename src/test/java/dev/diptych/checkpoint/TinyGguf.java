package dev.diptych.checkpoint;

import java.io.IOException;

/** A GGUF file made of the smallest Llama of the tests, for tests of other packages. */
public final class TinyGguf {

  private TinyGguf() {}

  public static byte[] bytes() throws IOException {
    return GgufImporterTests.withWeights(
            GgufImporterTests.withTokenizer(GgufImporterTests.architecture("llama"), "gpt-2"))
        .toArray();
  }
}
