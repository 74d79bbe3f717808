package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every activation beside what PyTorch computes. */
class DenseActivationTests {

  private static final JsonNode TABLE =
      new JsonMapper()
          .readTree(Path.of("src/test/resources/sentence-transformers/activations.json").toFile());

  static Stream<String> names() {
    return TABLE.get("outputs").propertyNames().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWhatTorchComputes(String name) throws IOException {
    JsonNode outputs = TABLE.get("outputs").get(name);
    float[] values = new float[outputs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = TABLE.get("inputs").get(i).floatValue();
    }
    DenseActivation.named("torch.nn.modules.activation." + name, "config.json").apply(values);
    for (int i = 0; i < values.length; i++) {
      float expected = outputs.get(i).floatValue();
      assertThat(values[i]).isEqualTo(expected, within(1e-6f + 1e-6f * Math.abs(expected)));
    }
  }

  @Test
  void eachIsInTheTable() throws IOException {
    Set<DenseActivation> found = new TreeSet<>();
    for (String name : names().toList()) {
      found.add(DenseActivation.named("torch.nn." + name, "config.json"));
    }
    assertThat(found).containsExactly(DenseActivation.values());
  }

  @Test
  void keepsWhatIsNotANumber() {
    for (DenseActivation activation : DenseActivation.values()) {
      float[] values = {Float.NaN};
      activation.apply(values);
      assertThat(values[0]).as(activation.name()).isNaN();
    }
  }
}
