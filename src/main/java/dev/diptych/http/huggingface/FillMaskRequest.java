package dev.diptych.http.huggingface;

import dev.diptych.encoding.FillMaskOptions;
import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import dev.diptych.http.TextList;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /fill-mask}. */
@Schema(example = "{\"inputs\": \"The [MASK] sat on the mat.\", \"parameters\": {\"top_k\": 3}}")
record FillMaskRequest(
    @NotNull Inputs inputs,
    @Nullable @Valid Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

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
  @JsonDeserialize(using = Inputs.Reader.class)
  record Inputs(@Schema(hidden = true) List<String> texts) {

    private static final String FORMS = "must be a string or a list of strings";

    /** Reads texts. */
    static final class Reader extends ValueDeserializer<Inputs> {

      @Override
      public Inputs deserialize(JsonParser parser, DeserializationContext context) {
        return new Inputs(new ListReader(parser, context, Inputs.class, FORMS).textOrTexts());
      }
    }
  }

  /**
   * @param topK candidates per mask, from 1
   * @param targets the only words to score
   */
  @Schema(name = "FillMaskParameters")
  record Parameters(
      @Schema(description = "Candidates per mask", defaultValue = "5", minimum = "1", example = "5")
          @Nullable Integer topK,
      @Schema(
              description =
                  "Score only these words, or this one; one outside the vocabulary counts as its"
                      + " first token",
              example = "[\"cat\", \"democracy\"]")
          @JsonDeserialize(using = TextList.class)
          @Nullable List<String> targets) {}

  FillMaskOptions options() {
    if (parameters == null) {
      return FillMaskOptions.DEFAULT;
    }
    Integer topK = parameters.topK();
    return new FillMaskOptions(
        topK == null ? FillMaskOptions.DEFAULT.topK() : topK, parameters.targets());
  }
}
