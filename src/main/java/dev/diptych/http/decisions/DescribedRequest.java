package dev.diptych.http.decisions;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /v1/systemone}, for the API description: it is read by {@link RequestReader},
 * which finds more than one problem at once.
 */
@Schema(name = "SystemOneRequest", example = DescribedRequest.EXAMPLE)
record DescribedRequest(
    @Schema(
            description = "What the questions are about: a text, or JSON",
            implementation = Object.class)
        Object state,
    @Schema(description = "Questions by ids, which the model does not see")
        Map<String, Object> questions,
    @Schema(
            description = "One of /v1/models, decoder, encoder, or jev-latest for the default",
            example = "jev-latest")
        @Nullable String model) {

  static final String EXAMPLE =
      """
      {"model": "jev-latest",
       "state": "I was charged twice for order 4471 and want one of the two payments back.",
       "questions": {
         "refund": {"type": "noul", "instructions": "Is the customer asking for money back?"},
         "team": {"type": "choice", "instructions": "Which team should handle this?",
                  "criteria": {"billing": "Payments, invoices, refunds", "technical": "Bugs, outages"}},
         "anger": {"type": "score", "instructions": "How angry is the customer?",
                   "criteria": ["calm", "annoyed", "furious"]}}}\
      """;
}
