package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import org.junit.jupiter.api.Test;

class GrowingAnswerTests {

  private final AnswerMemory memory = new AnswerMemory(1000, "a-setting"); // 750 for large ones

  @Test
  void whatCameIsHeldUntilItIsWritten() {
    GrowingAnswer answer = new GrowingAnswer(memory);
    answer.grow(300);
    answer.grow(200);

    assertThat(memory.taken()).isEqualTo(500);
    answer.close();
    assertThat(memory.taken()).isZero();
  }

  @Test
  void partsThatComeWhenTheRequestIsOverAreNotHeld() {
    GrowingAnswer answer = new GrowingAnswer(memory);
    answer.close();
    answer.grow(300);

    assertThat(memory.taken()).isZero();
  }

  @Test
  void allPartsTogetherAreBounded() {
    GrowingAnswer answer = new GrowingAnswer(memory);
    answer.grow(400);

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> answer.grow(400))
        .withMessageContaining("800 bytes")
        .withMessageContaining("a-setting");
    assertThat(memory.taken()).isEqualTo(400);
  }

  @Test
  void whatOthersHoldIsNotFree() {
    GrowingAnswer other = new GrowingAnswer(memory);
    other.grow(500);

    assertThatExceptionOfType(Overloaded.class)
        .isThrownBy(() -> new GrowingAnswer(memory).grow(400));
  }
}
