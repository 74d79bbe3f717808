package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.Role;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbilitiesTests {

  private static final Path DECODER = Path.of("src/test/resources/tasks/qwen3-reranker");

  @Test
  void aDecoderWhoseCheckpointScoresByTokensRanksAndGeneratesOtherwise(@TempDir Path folder)
      throws IOException {
    Blueprint blueprint = BlueprintReader.read(DECODER);

    assertThat(Abilities.of(blueprint, folder)).containsExactly(Role.GENERATE);

    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"idx": 0, "name": "0", "path": "",
          "type": "sentence_transformers.base.modules.transformer.Transformer"},
         {"idx": 1, "name": "1", "path": "1_LogitScore",
          "type": "sentence_transformers.cross_encoder.modules.logit_score.LogitScore"}]
        """);
    Files.createDirectory(folder.resolve("1_LogitScore"));
    Files.writeString(
        folder.resolve("1_LogitScore/config.json"),
        "{\"true_token_id\": 303, \"false_token_id\": 300}");

    assertThat(Abilities.of(blueprint, folder)).containsExactly(Role.RANK);
  }
}
