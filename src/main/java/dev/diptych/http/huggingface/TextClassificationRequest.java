package dev.diptych.http.huggingface;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import dev.diptych.tasks.ClassifierInput;
import dev.diptych.tasks.ScoreFunction;
import dev.diptych.tasks.TextLabels;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /text-classification}. */
@Schema(example = "{\"inputs\": \"I like you.\", \"parameters\": {\"top_k\": 2}}")
record TextClassificationRequest(
    @NotNull Inputs inputs,
    @Nullable @Valid Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /**
   * A text, a pair of texts, or a list that may mix both.
   *
   * @param items each of them
   */
  @Schema(
      name = "TextClassificationInputs",
      description = "A text, an object with a pair of texts, or a list of those",
      types = {"string", "object", "array"},
      oneOf = {String.class, TextPair.class, String[].class, TextPair[].class},
      example = "I like you.")
  @JsonDeserialize(using = Inputs.Reader.class)
  record Inputs(@Schema(hidden = true) List<ClassifierInput> items) {

    private static final String FORMS =
        "must be a string, an object with `text` and `text_pair`, or a list of those";

    /** Reads texts and pairs. */
    static final class Reader extends ValueDeserializer<Inputs> {

      @Override
      public Inputs deserialize(JsonParser parser, DeserializationContext context) {
        ListReader reader = new ListReader(parser, context, Inputs.class, FORMS);
        if (reader.isText() || reader.isObject()) {
          return new Inputs(List.of(item(reader, parser, context)));
        }
        List<ClassifierInput> items = new ArrayList<>();
        reader.openList();
        while (!reader.closesList()) {
          reader.add(items, item(reader, parser, context));
        }
        return new Inputs(items);
      }

      private static ClassifierInput item(
          ListReader reader, JsonParser parser, DeserializationContext context) {
        if (!reader.isObject()) {
          return new ClassifierInput.Text(reader.text());
        }
        TextPair pair = context.readValue(parser, TextPair.class);
        String text = Objects.requireNonNullElse(pair.text(), "");
        return pair.textPair() == null || text.isEmpty()
            ? new ClassifierInput.Text(text)
            : new ClassifierInput.Pair(text, pair.textPair());
      }
    }
  }

  /**
   * @param text the first text
   * @param textPair the second one; null if there is none
   */
  @Schema(name = "TextPair")
  record TextPair(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, example = "I like you.")
          @Nullable String text,
      @Schema(example = "I love you.") @Nullable String textPair) {}

  /** As the wire spells it. */
  @Schema(name = "TextClassificationFunction")
  enum Function {
    @JsonProperty("sigmoid")
    SIGMOID(ScoreFunction.SIGMOID),
    @JsonProperty("softmax")
    SOFTMAX(ScoreFunction.SOFTMAX),
    @JsonProperty("none")
    NONE(ScoreFunction.NONE);

    private final ScoreFunction function;

    Function(ScoreFunction function) {
      this.function = function;
    }
  }

  /**
   * @param topK most labels
   * @param functionToApply what makes scores of logits
   */
  @Schema(name = "TextClassificationParameters")
  record Parameters(
      @Schema(description = "Most labels of each text; all of them if absent", minimum = "1")
          @Nullable Integer topK,
      @Schema(
              description = "What makes scores of logits; what fits the model if absent",
              example = "softmax")
          @Nullable Function functionToApply) {}

  TextLabels labels() {
    if (parameters == null) {
      return new TextLabels(null, null);
    }
    Function function = parameters.functionToApply();
    return new TextLabels(parameters.topK(), function == null ? null : function.function);
  }
}
