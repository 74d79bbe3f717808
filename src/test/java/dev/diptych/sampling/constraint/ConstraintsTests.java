package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ConstraintsTests {

  private static final long LITTLE = 200_000;

  private final SmallVocabulary vocabulary = new SmallVocabulary(5, 500);

  @Test
  void theSameConstraintIsCompiledOnce() {
    Constraints constraints = vocabulary.constraints;

    assertThat(constraints.compile(new Constraint.Regex("a+")))
        .isSameAs(constraints.compile(new Constraint.Regex("a+")))
        .isNotSameAs(constraints.compile(new Constraint.Regex("a*b")));
  }

  @Test
  void constraintsThatLookTheSameAreTold() {
    assertThat(vocabulary.fits(new Constraint.Choice(List.of("a", "b")), "b")).isTrue();
    assertThat(vocabulary.fits(new Constraint.Choice(List.of("a, b")), "b")).isFalse();
    assertThat(vocabulary.fits(new Constraint.Literal("a"), "a")).isTrue();
  }

  @Test
  void schemasThatDifferInTheOrderOfPropertiesAreTold() {
    String text = "{\"a\":null,\"b\":null}";
    assertThat(vocabulary.fits(schema("a", "b"), text)).isTrue();
    assertThat(vocabulary.fits(schema("b", "a"), text)).isFalse();
  }

  private static Constraint schema(String first, String second) {
    return new Constraint.JsonSchema(
        new JsonMapper()
            .readTree(
                "{\"properties\":{\"%s\":{\"type\":\"null\"},\"%s\":{\"type\":\"null\"}}}"
                    .formatted(first, second)));
  }

  @Test
  void theOldestAreForgottenWhenTheyTakeMuch() {
    Constraints little = new Constraints(vocabulary.bytes, Set.of(SmallVocabulary.END), LITTLE);
    CompiledConstraint first = little.compile(new Constraint.Regex("[a-c]{1,300}"));
    ConstraintState state = first.start();
    for (int i = 0; i < 20; i++) {
      little.compile(new Constraint.Regex("[a-c]{%d,300}".formatted(i + 2))).start().mask();
      assertThat(state.mask().allows('a')).isTrue();
      state.accept('a');
    }

    assertThat(little.kept()).isLessThan(10);
    assertThat(little.compile(new Constraint.Regex("[a-c]{1,300}"))).isNotSameAs(first);
    assertThat(state.isComplete()).isTrue();
  }
}
