package dev.diptych.http.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
class DocumentedLimitsTests {

  @Test
  void limitsAreThoseOfTheSettings() {
    OpenAPI document =
        document(
            "GenerateParameters",
            new ObjectSchema()
                .addProperty("best_of", new IntegerSchema())
                .addProperty("top_n_tokens", new IntegerSchema())
                .addProperty("stop", new ArraySchema()));

    limits(
            Map.of(
                "diptych.generation.max-best-of", "7",
                "diptych.generation.max-top-n-tokens", "8",
                "diptych.generation.max-stop-sequences", "9",
                "diptych.generation.max-stop-characters", "10"))
        .customise(document);

    assertThat(property(document, "best_of").getMaximum()).isEqualByComparingTo("7");
    assertThat(property(document, "top_n_tokens").getMaximum()).isEqualByComparingTo("8");
    assertThat(property(document, "stop").getMaxItems()).isEqualTo(9);
    assertThat(property(document, "stop").getItems().getMaxLength()).isEqualTo(10);
  }

  @Test
  void aBatchHasAsManyTextsAsTheSettingsAllowAndASimilarityOneLess() {
    OpenAPI document =
        document(
            "SimilarityInputs", new ObjectSchema().addProperty("sentences", new ArraySchema()));
    document.getComponents().addSchemas("FillMaskInputs", new Schema<>());

    limits(Map.of("diptych.encoding.max-client-batch-size", "5")).customise(document);

    Schema<?> texts = schema(document, "FillMaskInputs").getAnyOf().get(1);
    assertThat(texts.getMaxItems()).isEqualTo(5);
    assertThat(property(document, "sentences").getMaxItems()).isEqualTo(4);
  }

  @Test
  void aBatchOfOneLeavesNoRoomForSentences() {
    OpenAPI document =
        document(
            "SimilarityInputs", new ObjectSchema().addProperty("sentences", new ArraySchema()));

    limits(Map.of("diptych.encoding.max-client-batch-size", "1")).customise(document);

    assertThat(property(document, "sentences").getMaxItems()).isZero();
  }

  private static Schema<?> schema(OpenAPI document, String name) {
    return requireNonNull(document.getComponents().getSchemas().get(name));
  }

  /** The property of this name in the first schema that has one. */
  private static Schema<?> property(OpenAPI document, String name) {
    return document.getComponents().getSchemas().values().stream()
        .filter(schema -> schema.getProperties() != null)
        .map(schema -> (Schema<?>) schema.getProperties().get(name))
        .findFirst()
        .orElseThrow();
  }

  private static OpenAPI document(String name, Schema<?> schema) {
    return new OpenAPI().components(new Components().addSchemas(name, schema)).paths(new Paths());
  }

  private static DocumentedLimits limits(Map<String, String> settings) {
    return new DocumentedLimits(
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("diptych", DiptychSettings.class));
  }
}
