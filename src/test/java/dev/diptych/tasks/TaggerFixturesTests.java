package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Taggers from text to tags, against the token-classification pipeline of transformers. */
class TaggerFixturesTests {

  private static FixtureEncoders fixtures;

  @BeforeAll
  static void start() {
    fixtures = new FixtureEncoders();
  }

  @AfterAll
  static void stop() {
    fixtures.close();
  }

  @TestFactory
  Stream<DynamicTest> tagsAreThoseOfTransformers() throws Exception {
    Tagger bert = new Tagger(fixtures.open("bert-ner"));
    Tagger roberta = new Tagger(fixtures.open("roberta-ner"));
    return Stream.concat(
            TaskReferences.cases("tags-bert-ner").stream().map(one -> test(bert, "bert", one)),
            TaskReferences.cases("tags-roberta-ner").stream()
                .map(one -> test(roberta, "roberta", one)))
        .onClose(
            () -> {
              bert.close();
              roberta.close();
            });
  }

  private static DynamicTest test(Tagger tagger, String name, JsonNode one) {
    String text = one.get("text").stringValue();
    return DynamicTest.dynamicTest(
        name + " " + one.get("options") + " " + text.substring(0, Math.min(20, text.length())),
        () ->
            check(
                one.get("answer"),
                tagger.tag(List.of(text), options(one.get("options")), _ -> {}).getFirst()));
  }

  private static TaggingOptions options(JsonNode given) {
    return new TaggingOptions(
        AggregationStrategy.valueOf(
            given.path("aggregation_strategy").asString("none").toUpperCase(Locale.ROOT)),
        given.has("ignore_labels")
            ? given
                .get("ignore_labels")
                .valueStream()
                .map(JsonNode::stringValue)
                .collect(Collectors.toUnmodifiableSet())
            : Set.of("O"),
        given.has("stride") ? given.get("stride").intValue() : null);
  }

  private static void check(JsonNode expected, List<Tag> tags) {
    for (int i = 0; i < Math.min(tags.size(), expected.size()); i++) {
      JsonNode reference = expected.get(i);
      Tag tag = tags.get(i);
      assertThat((double) tag.score())
          .as("%s for %s", tag, reference)
          .isEqualTo(reference.get("score").doubleValue(), within(TaskReferences.TOLERANCE));
      assertThat(tag).as(reference.toString()).isEqualTo(withScore(reference, tag));
    }
    assertThat(tags).hasSameSizeAs(expected.valueStream().toList());
  }

  private static Tag withScore(JsonNode reference, Tag tag) {
    int start = reference.get("start").intValue();
    int end = reference.get("end").intValue();
    return switch (tag) {
      case TokenTag _ ->
          new TokenTag(
              reference.get("entity").stringValue(),
              tag.score(),
              reference.get("index").intValue(),
              reference.get("word").stringValue(),
              start,
              end);
      case EntityTag(String _, float _, String word, int _, int _) ->
          new EntityTag(
              reference.get("entity_group").stringValue(),
              tag.score(),
              wordOr(reference.get("word").stringValue(), word),
              start,
              end);
    };
  }

  /* What the pipeline decodes a second time is not always text. */
  private static String wordOr(String reference, String word) {
    return reference.contains("\ufffd") ? word : reference;
  }
}
