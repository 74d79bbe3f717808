package dev.diptych.http.fillmask;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import dev.diptych.encoding.FillMaskOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Body of {@code /fill-mask}. */
@Schema(example = "{\"inputs\": \"The [MASK] sat on the mat.\", \"parameters\": {\"top_k\": 3}}")
record FillMaskRequest(@NotNull Inputs inputs, @Nullable @Valid Parameters parameters) {

  /**
   * A text with masks, or a list of such texts.
   *
   * @param texts each text
   */
  @Schema(
      name = "FillMaskInputs",
      description = "A text with at least one mask token, or a list of such texts",
      types = {"string", "array"},
      oneOf = {String.class, String[].class},
      example = "The [MASK] sat on the mat.")
  record Inputs(@Schema(hidden = true) List<String> texts) {

    private static final String FORMS = "must be a string or a list of strings";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Inputs of(JsonNode node) {
      if (node.isString()) {
        return new Inputs(List.of(node.stringValue()));
      }
      if (!node.isArray()) {
        throw new IllegalArgumentException(FORMS);
      }
      List<String> texts = new ArrayList<>(node.size());
      for (JsonNode text : node.values()) {
        if (!text.isString()) {
          throw new IllegalArgumentException(FORMS);
        }
        texts.add(text.stringValue());
      }
      return new Inputs(texts);
    }
  }

  /**
   * @param topK candidates per mask, from 1
   * @param targets the only words to score
   */
  @Schema(name = "FillMaskParameters")
  record Parameters(
      @Schema(description = "Candidates per mask", defaultValue = "5", example = "5")
          @Nullable Integer topK,
      @Schema(
              description =
                  "Score only these words, at most 1000 of 250 characters each; one outside the"
                      + " vocabulary counts as its first token",
              example = "[\"cat\", \"democracy\"]")
          @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable List<@NotNull String> targets) {}

  FillMaskOptions options() {
    if (parameters == null) {
      return FillMaskOptions.DEFAULT;
    }
    Integer topK = parameters.topK();
    return new FillMaskOptions(
        topK == null ? FillMaskOptions.DEFAULT.topK() : topK, parameters.targets());
  }
}
