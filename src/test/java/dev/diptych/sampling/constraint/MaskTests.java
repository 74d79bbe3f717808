package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTests {

  private final SmallVocabulary vocabulary = new SmallVocabulary(3, 1500);

  @Test
  void allowsWhatCanBeAccepted() {
    Random random = new Random(4);
    for (Constraint constraint :
        List.of(
            new Constraint.Regex("\"([^\"\\\\]|\\\\.){0,9}\"( x{2,40})?"),
            new Constraint.Regex("[^\"\\\\\\x00-\\x1f]*\""),
            new Constraint.Regex("[^\"\\\\\\x00-\\x1f]{0,7}\""),
            new Constraint.Choice(List.of("the", "thé", "then and", "10", "1000")),
            new Constraint.FreeText(List.of("<tool>", "abc")))) {
      ConstraintState state = vocabulary.start(constraint);
      for (int step = 0; step < 20 && !state.isFinished(); step++) {
        Mask mask = state.mask();
        int chosen = -1;
        for (int token = 0; token < vocabulary.bytes.size(); token++) {
          assertThat(mask.allows(token))
              .as("%s, step %d, token %d", constraint, step, token)
              .isEqualTo(accepts(state, token));
          if (mask.allows(token) && (chosen < 0 || random.nextInt(30) == 0)) {
            chosen = token;
          }
        }
        assertThat(mask.count()).isPositive();
        state.accept(chosen);
        if (chosen == SmallVocabulary.END) {
          break;
        }
      }
    }
  }

  private static boolean accepts(ConstraintState state, int token) {
    try {
      state.copy().accept(token);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @Test
  void makesOtherTokensImpossible() {
    int size = vocabulary.bytes.size();
    float[] logits = new float[size + 7];
    ConstraintState state = vocabulary.start(new Constraint.Choice(List.of("yes", "no")));

    state.mask().apply(logits, 5);

    assertThat(logits[5 + 'y']).isZero();
    assertThat(logits[5 + 'n']).isZero();
    assertThat(logits[5 + SmallVocabulary.END]).isNegative().isInfinite();
    assertThat(logits[5 + size - 1]).isNegative().isInfinite();
    assertThat(new float[] {logits[4], logits[5 + size]}).containsOnly(0);
  }

  @Test
  void theEndIsAllowedWhereTheTextIsComplete() {
    ConstraintState state = vocabulary.start(new Constraint.Choice(List.of("ab", "abc")));
    state.accept('a');
    assertThat(state.mask().allows(SmallVocabulary.END)).isFalse();
    state.accept('b');
    assertThat(state.isComplete()).isTrue();
    assertThat(state.isFinished()).isFalse();
    assertThat(state.mask().allows(SmallVocabulary.END)).isTrue();
    state.accept('c');
    assertThat(state.isFinished()).isTrue();
  }

  @Test
  void specialTokensStandOnlyWhereALiteralNamesThem() {
    Constraint text = new Constraint.FreeText(List.of());
    assertThat(vocabulary.start(text).mask().allows(SmallVocabulary.CALL)).isFalse();
    assertThat(vocabulary.start(text).mask().allows(SmallVocabulary.END)).isTrue();

    ConstraintState state =
        vocabulary.start(
            Constraint.Sequence.of(
                new Constraint.Literal("a<call>"), new Constraint.Choice(List.of("<call>"))));
    state.accept('a');
    assertThat(state.mask().allows(SmallVocabulary.CALL)).isTrue();
    assertThat(state.mask().allows('<')).isFalse();
    state.accept(SmallVocabulary.CALL);
    assertThat(state.mask().allows(SmallVocabulary.CALL)).isFalse();
    assertThat(state.mask().allows('<')).isTrue();
  }

  @Test
  void freeTextLeadsToATriggerAndWhatItTriggers() {
    Constraint call =
        Constraint.Sequence.of(
            new Constraint.Literal("<tool>"),
            new Constraint.Regex("[0-9]+"),
            new Constraint.Literal("</tool>"));
    Constraint answer =
        Constraint.Sequence.of(
            new Constraint.FreeText(List.of("<tool>")), new Constraint.Repeated(call, 0, 2));

    assertThat(vocabulary.fits(answer, "Let me <tool see é")).isTrue();
    assertThat(vocabulary.fits(answer, "Hm <tool>12</tool><tool>3</tool>")).isTrue();
    assertThat(vocabulary.fits(answer, "Hm <tool>x")).isFalse();
    assertThat(vocabulary.fits(answer, "<tool>1</tool><tool>1</tool><tool>")).isFalse();
    assertThat(vocabulary.fits(answer, "<tool>1</tool> and")).isFalse();
  }

  @Test
  void alternativesAreFollowedTogether() {
    Constraint either =
        new Constraint.AnyOf(
            List.of(
                Constraint.Sequence.of(new Constraint.Regex("a+"), new Constraint.Literal("b")),
                Constraint.Sequence.of(new Constraint.Regex("a+"), new Constraint.Literal("c"))));

    assertThat(vocabulary.fits(either, "aaab")).isTrue();
    assertThat(vocabulary.fits(either, "aaac")).isTrue();
    assertThat(vocabulary.fits(either, "aaa")).isFalse();
  }

  @Test
  void tellsHowMuchOfADraftMayCome() {
    ConstraintState state = vocabulary.start(new Constraint.Choice(List.of("abc", "abd")));

    assertThat(state.foreseeable(new int[] {'a', 'b', 'd'})).isEqualTo(3);
    assertThat(state.foreseeable(new int[] {'a', 'b', 'x', 'a'})).isEqualTo(2);
    assertThat(state.foreseeable(new int[] {SmallVocabulary.END})).isZero();
    assertThat(state.foreseeable(new int[] {SmallVocabulary.CALL})).isZero();
    assertThat(state.foreseeable(new int[] {})).isZero();
    assertThat(state.mask().allows('a')).isTrue();
  }

  @Test
  void refusesAChoiceWithoutOptions() {
    assertThatThrownBy(() -> new Constraint.Choice(List.of())).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> new Constraint.Choice(List.of("a", "")))
        .isInstanceOf(InvalidInput.class);
  }
}
