package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelReferenceTests {

  private static final List<String> CATALOGUED = List.of("bert-base-uncased");

  @TempDir Path folder;

  @Test
  void knowsTheFourKinds() throws IOException {
    Path gguf = Files.createFile(folder.resolve("a.GGUF"));

    assertThat(parse("bert-base-uncased"))
        .isEqualTo(new ModelReference.Catalogued("bert-base-uncased"));
    assertThat(parse("acme/tiny")).isEqualTo(new ModelReference.OnHub("acme/tiny", "main"));
    assertThat(parse("acme/tiny@refs/pr/1"))
        .isEqualTo(new ModelReference.OnHub("acme/tiny", "refs/pr/1"));
    assertThat(parse("acme/tiny:Q8_0"))
        .isEqualTo(new ModelReference.OnHub("acme/tiny", "main", "Q8_0"));
    assertThat(parse("acme/tiny@v1:sub/tiny.Q8_0.gguf"))
        .isEqualTo(new ModelReference.OnHub("acme/tiny", "v1", "sub/tiny.Q8_0.gguf"));
    assertThat(parse(folder.toString())).isEqualTo(new ModelReference.Folder(folder));
    assertThat(parse(gguf.toString())).isEqualTo(new ModelReference.GgufFile(gguf));
  }

  @Test
  void refusesWhatIsNone() {
    assertThatThrownBy(() -> parse("gpt2"))
        .hasMessageContaining("\"gpt2\" names no model")
        .hasMessageContaining("bert-base-uncased");
    for (String bad :
        List.of("", "a/b/c", "acme/../tiny", "acme/tiny@", "a/b@../c", "a b/c", "a\0b")) {
      assertThatThrownBy(() -> parse(bad)).as(bad).isInstanceOf(ModelNotObtained.class);
    }
    assertThatThrownBy(() -> parse("/no/such/folder")).hasMessageContaining("there is no folder");
    assertThatThrownBy(() -> parse("./none.gguf")).hasMessageContaining("there is no file");
  }

  private static ModelReference parse(String setting) throws ModelNotObtained {
    return ModelReference.parse(setting, CATALOGUED);
  }
}
