package dev.diptych.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceSettingsTests {

  private static final ServiceSettings NONE = new ServiceSettings(List.of());

  @Test
  void putsASettingInThePlaceOfOneOfThatName() {
    ServiceSettings settings =
        new ServiceSettings(
            List.of("--diptych.models.precision=int8", "--diptych.models.precisions=x"));

    assertThat(settings.withModel("precision", "float32").arguments())
        .containsExactly("--diptych.models.precisions=x", "--diptych.models.precision=float32");
  }

  @Test
  void knowsASettingThatIsEmpty() {
    assertThat(NONE.model("embed")).isEmpty();
    assertThat(NONE.withModel("embed", "").model("embed")).contains("");
  }

  @Test
  void findsTheStoreWhereTheServiceLooks() {
    assertThat(NONE.store()).isEqualTo(Path.of("models"));
    assertThat(NONE.withModel("store", "/models").store()).isEqualTo(Path.of("/models"));
  }
}
