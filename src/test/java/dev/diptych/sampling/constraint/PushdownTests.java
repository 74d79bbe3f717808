package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PushdownTests {

  private final SmallVocabulary vocabulary = new SmallVocabulary(5, 2000);

  @Test
  void textsAreReadAcrossWhatHasBeenForgotten() {
    Constraint nested =
        new Constraint.JsonSchema(
            new JsonMapper()
                .readTree(
                    """
                    {"$defs": {"list": {"type": "array", "items": {"anyOf":
                      [{"$ref": "#/$defs/list"}, {"type": "string", "maxLength": 300}]}}},
                     "$ref": "#/$defs/list"}
                    """));
    String text =
        "[".repeat(3000) + ("\"" + "aé".repeat(150) + "\",").repeat(20) + "\"\"" + "]".repeat(3000);

    assertThat(vocabulary.fits(nested, text)).isTrue();
    assertThat(vocabulary.fits(nested, text + "]")).isFalse();
  }

  @Test
  void manyReadingsAtOnceAreCutAndStillLeadToAnEnd() {
    List<Constraint> alternatives = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      alternatives.add(new Constraint.Regex("([a-c]{%d}[a-d]*|[b-d]*)%d".formatted(1 + i % 9, i)));
    }
    Constraint either = new Constraint.AnyOf(alternatives);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      assertThat(vocabulary.random(either, random, 12)).matches("[a-d]*[0-9]+");
    }
  }
}
