package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code /v1/decisions} for the API description; {@link DecisionsRequest} reads it. */
@Schema(name = "DecisionsRequest", example = DescribedDecisions.EXAMPLE)
record DescribedDecisions(
    @Schema(
            description = "What the questions are about: a text, or messages of the user",
            implementation = Object.class)
        Object input,
    @Schema(description = "What is asked; the model does not see the names") List<Object> questions,
    @Schema(
            description = "One of /v1/models, decoder or encoder; absent takes the default",
            example = "decoder")
        @Nullable String model,
    @Schema(description = "Accepted and not used", maxLength = 128)
        @Nullable String safetyIdentifier) {

  static final String EXAMPLE =
      """
      {"input": "I was charged twice for order 4471 and want one of the two payments back.",
       "questions": [
         {"type": "predicate", "name": "refund", "instructions": "Is the customer asking for money back?"},
         {"type": "choice", "name": "team", "instructions": "Which team should handle this?",
          "choices": [{"value": "billing", "description": "Payments, invoices, refunds"},
                      {"value": "technical", "description": "Bugs, outages"}]},
         {"type": "score", "name": "anger", "instructions": "How angry is the customer?",
          "levels": [{"label": "calm"}, {"label": "annoyed"}, {"label": "furious"}]}]}\
      """;
}
