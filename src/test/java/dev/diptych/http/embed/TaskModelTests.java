package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.InferenceFailed;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import org.junit.jupiter.api.Test;

class TaskModelTests {

  @Test
  void aServiceWithoutSuchAModelSaysWhichSettingBringsOne() {
    ServedModels<String> none = ServedModels.of(new Served<>(Role.RANK, ""));

    assertThatExceptionOfType(InferenceFailed.class)
        .isThrownBy(() -> TaskModel.of(none, null, "a re-ranker model"))
        .withMessage("Model is not a re-ranker model; diptych.models.rank names one");
  }
}
