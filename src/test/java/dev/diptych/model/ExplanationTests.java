package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.InferenceFailed;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/srv/models/tiny/config.json: broken|…/config.json: broken",
        "there is no folder /srv/models|there is no folder …/models",
        "a (/a/b/c), \"/d/e\"|a (…/c), \"…/e\"",
        "file /a/b.gguf of 2026, 7 bytes|file …/b.gguf of 2026, 7 bytes",
        "it answers /generate only|it answers /generate only",
        "https://hub.example/org/name is closed|https://hub.example/org/name is closed",
        "org/name@main on hub.example|org/name@main on hub.example",
        "src/test/resources/bert|src/test/resources/bert",
        "C:\\Users\\me\\models\\tiny\\config.json: broken|…/config.json: broken",
        "there is no folder D:\\models\\|there is no folder …/models",
        "a (C:/a/b/c), \"\\\\server\\share\\e\"|a (…/c), \"…/e\"",
        "ratio 3:/4 of a:b|ratio 3:/4 of a:b"
      })
  void keepsTheEndOfAbsolutePaths(String message, String told) {
    assertThat(Explanation.of(new IOException(message))).isEqualTo(told);
    assertThat(Explanation.withoutPaths(message)).isEqualTo(told);
  }

  @Test
  void tellsNothingOfNativeCode() {
    for (Throwable failure :
        new Throwable[] {
          new InferenceFailed("RuntimeError: at /build/aten.cpp", new IllegalStateException()),
          new UnsatisfiedLinkError("/srv/cache/libtorch.so: cannot open"),
          new RuntimeException("panicked at src/lib.rs")
        }) {
      assertThat(Explanation.of(failure)).isEqualTo("it could not be loaded, the log says why");
    }
    assertThat(Explanation.of(new NoSuchFileException("/srv/models/a.json")))
        .isEqualTo("cannot use the file …/a.json");
  }

  @Test
  void namesAModelByTheEndOfItsPath() {
    Served<String> served = new Served<>(Role.EMBED, "/srv/models/tiny");

    assertThat(served.name()).isEqualTo("…/tiny");
    assertThat(served.model()).isEqualTo("/srv/models/tiny");
  }
}
