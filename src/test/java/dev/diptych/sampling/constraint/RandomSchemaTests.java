package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.InvalidInput;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class RandomSchemaTests {

  private final SmallVocabulary vocabulary = new SmallVocabulary(12, 3000);

  @Test
  void everyCompleteTextHoldsItsSchema() {
    Random random = new Random(31);
    RandomSchemas schemas = new RandomSchemas(random);
    int refused = 0;
    for (int made = 0; made < 200; ) {
      ObjectNode schema = schemas.next();
      Constraint constraint = new Constraint.JsonSchema(schema);
      try {
        vocabulary.start(constraint);
      } catch (InvalidInput e) {
        assertThat(e).as(schema.toString()).hasMessageContaining("cannot be met");
        refused++;
        continue;
      }
      made++;
      for (int i = 0; i < 3; i++) {
        String text = vocabulary.random(constraint, random, 60);
        assertThat(ReferenceValidator.errors(schema, text)).as("%s for %s", text, schema).isEmpty();
      }
    }
    assertThat(refused).isLessThan(40);
  }
}
