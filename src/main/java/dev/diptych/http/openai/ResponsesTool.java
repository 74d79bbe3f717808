package dev.diptych.http.openai;

import dev.diptych.chat.Tool;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool of {@code /v1/responses}, which has no object for its function.
 *
 * @param parameters JSON schema of the arguments
 */
record ResponsesTool(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            allowableValues = "function",
            example = "function")
        @Nullable String type,
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            minLength = 1,
            maxLength = 64,
            pattern = "^[a-zA-Z0-9_.-]+$",
            example = "weather")
        @Nullable String name,
    @Nullable String description,
    @Schema(implementation = Object.class) @Nullable JsonNode parameters,
    @Schema(description = "Forced calls always follow the schema") @Nullable Boolean strict) {

  /** The tools of a request. */
  static List<Tool> all(@Nullable List<@Nullable ResponsesTool> tools) {
    return ToolDefinition.all(
        tools,
        (tool, place) -> {
          ToolDefinition.requireFunction(tool.type(), place);
          return ToolDefinition.tool(
              new ToolDefinition.Function(
                  tool.name(), tool.description(), tool.parameters(), tool.strict()),
              place);
        });
  }
}
