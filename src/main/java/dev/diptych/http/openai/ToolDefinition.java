package dev.diptych.http.openai;

import dev.diptych.chat.Tool;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
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
    return all(tools, ToolDefinition::checked);
  }

  /**
   * The tools of a request.
   *
   * @param check makes a tool of a definition and the place where it stands
   */
  static <T> List<Tool> all(@Nullable List<@Nullable T> tools, BiFunction<T, String, Tool> check) {
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
      T tool = tools.get(i);
      if (tool == null) {
        throw Refusal.value(place, "`%s` must be an object".formatted(place));
      }
      Tool checked = check.apply(tool, place);
      if (!names.add(checked.name())) {
        throw Refusal.value(
            place, "`%s` has a name that is there already: %s".formatted(place, checked.name()));
      }
      all.add(checked);
    }
    return all;
  }

  private static Tool checked(ToolDefinition tool, String place) {
    requireFunction(tool.type(), place);
    if (tool.function() == null) {
      throw Refusal.missing(place + ".function", "what can be called");
    }
    return tool(tool.function(), place + ".function");
  }

  static void requireFunction(@Nullable String type, String place) {
    if (!"function".equals(type)) {
      throw Refusal.unsupported(
          place + ".type", "`%s.type` must be function. Given: %s".formatted(place, type));
    }
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
    if (parameters != null
        && parameters.path("type").isString()
        && !parameters.path("type").stringValue().equals("object")) {
      throw Refusal.value(
          place + ".parameters",
          "`%s.parameters` must describe an object. Given: %s"
              .formatted(place, parameters.path("type").stringValue()));
    }
    return new Tool(function.name(), function.description(), hasParameters ? parameters : null);
  }
}
