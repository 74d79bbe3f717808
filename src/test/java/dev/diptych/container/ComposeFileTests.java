package dev.diptych.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What docker-compose.yml promises to those who start it as it is. */
class ComposeFileTests {

  private static final JsonNode service =
      YAMLMapper.shared().readTree(Path.of("docker-compose.yml")).at("/services/diptych");

  @Test
  void isReachedFromThisMachineOnlyUnlessToldOtherwise() {
    assertThat(service.at("/ports"))
        .hasSize(1)
        .allSatisfy(
            port ->
                assertThat(port.asString())
                    .startsWith("${DIPTYCH_ADDRESS:-127.0.0.1}:${DIPTYCH_PORT:-8080}:"));
  }

  @Test
  void limitsMemoryProcessesAndHeap() {
    assertThat(service.at("/mem_limit").asString()).isEqualTo("${DIPTYCH_MEMORY:-4g}");
    assertThat(service.at("/memswap_limit")).isEqualTo(service.at("/mem_limit"));
    assertThat(service.at("/pids_limit").asInt()).isEqualTo(512);
    assertThat(service.at("/environment/DIPTYCH_HEAP").asString())
        .isEqualTo("${DIPTYCH_HEAP:-512m}");
  }

  @Test
  void givesTheServiceNoRightsThatItDoesNotNeed() {
    assertThat(service.at("/read_only").asBoolean()).isTrue();
    assertThat(service.at("/cap_drop/0").asString()).isEqualTo("ALL");
    assertThat(service.at("/security_opt/0").asString()).isEqualTo("no-new-privileges:true");
  }
}
