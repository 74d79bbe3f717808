package dev.diptych.http.openai;

import dev.diptych.chat.Tool;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tool of a request, which can only be a function. */
record ToolDefinition(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            allowableValues = "function",
            example = "function")
        @Nullable String type,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Function function) {

  private static final int MOST = 128;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

  /**
   * A function that the model may call.
   *
   * @param parameters JSON schema of the arguments
   */
  @Schema(name = "FunctionDefinition")
  record Function(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              maxLength = 64,
              pattern = "^[a-zA-Z0-9_.-]+$",
              example = "weather")
          @Nullable String name,
      @Nullable String description,
      @Schema(implementation = Object.class) @Nullable JsonNode parameters,
      @Schema(description = "Forced calls always follow the schema") @Nullable Boolean strict) {}

  /** The tools of a request. */
  static List<Tool> all(@Nullable List<@Nullable ToolDefinition> tools) {
    if (tools == null) {
      return List.of();
    }
    if (tools.size() > MOST) {
      throw Refusal.value(
          "tools", "`tools` must be at most %d. Given: %d".formatted(MOST, tools.size()));
    }
    List<Tool> all = new ArrayList<>(tools.size());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tools.size(); i++) {
      String place = "tools[" + i + "]";
      ToolDefinition tool = tools.get(i);
      if (tool == null) {
        throw Refusal.value(place, "`%s` must be an object".formatted(place));
      }
      if (!"function".equals(tool.type())) {
        throw Refusal.unsupported(
            place + ".type", "`%s.type` must be function. Given: %s".formatted(place, tool.type()));
      }
      if (tool.function() == null) {
        throw Refusal.missing(place + ".function", "what can be called");
      }
      Tool checked = tool(tool.function(), place + ".function");
      if (!names.add(checked.name())) {
        throw Refusal.value(
            place + ".function.name",
            "`%s.function.name` is there twice: %s".formatted(place, checked.name()));
      }
      all.add(checked);
    }
    return all;
  }

  static Tool tool(Function function, String place) {
    if (function.name() == null) {
      throw Refusal.missing(place + ".name", "what it is called by");
    }
    if (!NAME.matcher(function.name()).matches()) {
      throw Refusal.value(
          place + ".name",
          "`%s.name` must be 1 to 64 letters, digits, underscores, dots and hyphens. Given: %s"
              .formatted(place, function.name()));
    }
    JsonNode parameters = function.parameters();
    boolean hasParameters = parameters != null && !parameters.isNull();
    if (parameters != null && hasParameters && !parameters.isObject()) {
      throw Refusal.value(
          place + ".parameters", "`%s.parameters` must be a JSON schema".formatted(place));
    }
    return new Tool(function.name(), function.description(), hasParameters ? parameters : null);
  }
}
