package dev.diptych.http.huggingface;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.http.ModelField;
import dev.diptych.http.TextList;
import dev.diptych.tasks.AggregationStrategy;
import dev.diptych.tasks.TaggingOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /token-classification}. */
@Schema(
    example =
        "{\"inputs\": \"Paris is the capital of France.\", \"parameters\":"
            + " {\"aggregation_strategy\": \"simple\"}}")
record TokenClassificationRequest(
    @NotNull Texts inputs,
    @Nullable @Valid Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /** As the wire spells it. */
  @Schema(name = "TokenClassificationStrategy")
  enum Strategy {
    @JsonProperty("none")
    NONE(AggregationStrategy.NONE),
    @JsonProperty("simple")
    SIMPLE(AggregationStrategy.SIMPLE),
    @JsonProperty("first")
    FIRST(AggregationStrategy.FIRST),
    @JsonProperty("average")
    AVERAGE(AggregationStrategy.AVERAGE),
    @JsonProperty("max")
    MAX(AggregationStrategy.MAX);

    private final AggregationStrategy strategy;

    Strategy(AggregationStrategy strategy) {
      this.strategy = strategy;
    }
  }

  /**
   * @param aggregationStrategy how tags of tokens become entities
   * @param ignoreLabels what is left out
   * @param stride overlap of windows
   */
  @Schema(name = "TokenClassificationParameters")
  record Parameters(
      @Schema(
              description = "How tags of tokens become entities; none tells each token",
              defaultValue = "none",
              example = "simple")
          @Nullable Strategy aggregationStrategy,
      @Schema(description = "Labels that are left out; O if absent", example = "[\"O\"]")
          @JsonDeserialize(using = TextList.class)
          @Nullable List<String> ignoreLabels,
      @Schema(
              description =
                  "See a long text in windows that have so many tokens in common; without it only"
                      + " its beginning is seen, or it is refused, as the service's setting says",
              minimum = "0")
          @Nullable Integer stride) {}

  TaggingOptions options() {
    if (parameters == null) {
      return TaggingOptions.DEFAULT;
    }
    Strategy strategy = parameters.aggregationStrategy();
    List<String> ignored = parameters.ignoreLabels();
    return new TaggingOptions(
        strategy == null ? AggregationStrategy.NONE : strategy.strategy,
        ignored == null ? TaggingOptions.OUTSIDE : Set.copyOf(ignored),
        parameters.stride());
  }
}
