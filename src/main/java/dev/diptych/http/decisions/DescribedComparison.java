package dev.diptych.http.decisions;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code /compare}, for the API description, as {@link DescribedRequest}. */
@Schema(name = "CompareRequest", example = DescribedComparison.EXAMPLE)
record DescribedComparison(
    @Schema(
            description = "What the questions are about: a text, or JSON",
            implementation = Object.class)
        Object state,
    @Schema(description = "Questions by ids, which the models do not see")
        Map<String, Object> questions,
    @Schema(description = "A decoder of /v1/models; absent takes the default")
        @Nullable String decoder,
    @Schema(
            description =
                "An encoder of /v1/models; absent takes the first of a classifier, one that fills"
                    + " masks, one that embeds")
        @Nullable String encoder) {

  static final String EXAMPLE =
      """
      {"state": "The striker scored twice in the final ten minutes, and the home side won the cup.",
       "questions": {
         "topic": {"type": "choice", "instructions": "What is the text about?",
                   "criteria": {"sport": null, "politics": null, "science": null}},
         "happy": {"type": "noul", "instructions": "Did the home side win?"}}}\
      """;
}
