package dev.diptych.http.models;

import dev.diptych.model.Explanation;
import dev.diptych.model.ModelsByName;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One model: what it is and how far it is. */
record ListedModel(
    @Schema(description = "Its name", example = "qwen") String id,
    @Schema(example = "model") String object,
    @Schema(description = "Its further names") List<String> aliases,
    @Schema(description = "Where its files come from, of an absolute path the end") String source,
    @Schema(description = "As asked for", example = "auto") String precision,
    @Schema(description = "As asked for", example = "auto") String backend,
    @Schema(description = "What it does; empty while that is not known", example = "[\"embed\"]")
        List<String> tasks,
    @Schema(allowableValues = {"coming", "ready", "failed", "unloaded"}) String state,
    @Schema(
            description = "What is happening, or why it failed",
            example = "downloading model.safetensors 41 of 90 MB")
        @Nullable String detail,
    @Schema(description = "Bytes that are set aside for its weights") @Nullable Long memory,
    Status status) {

  static final String UNLOADED = "unloaded";

  /** The state in the words of llama.cpp's router. */
  @Schema(name = "ListedStatus")
  record Status(
      @Schema(allowableValues = {"loading", "loaded", "unloaded"}) String value, boolean failed) {}

  /**
   * @param roles what the model does, or may turn out to do; at least one
   * @param memory set aside for it
   */
  static ListedModel of(List<Served<?>> roles, ModelsByName models, OptionalLong memory) {
    NamedModel model = roles.getFirst().named();
    String state = state(roles);
    return new ListedModel(
        model.shownName(),
        "model",
        model.aliases().stream().map(Explanation::withoutPaths).toList(),
        Explanation.withoutPaths(model.source()),
        model.precision(),
        model.backend(),
        roles.stream().filter(models::isCertain).map(one -> one.role().label()).toList(),
        state,
        roles.stream().map(ListedModel::detail).filter(one -> one != null).findFirst().orElse(null),
        memory.isPresent() ? memory.getAsLong() : null,
        switch (state) {
          case "coming" -> new Status("loading", false);
          case "ready" -> new Status("loaded", false);
          default -> new Status(UNLOADED, state.equals("failed"));
        });
  }

  /** How far a model is that has these roles: it is ready if it answers one of them. */
  static String state(List<Served<?>> roles) {
    List<String> states = roles.stream().map(ListedModel::state).toList();
    for (String state : List.of("ready", "coming", "failed")) {
      if (states.contains(state)) {
        return state;
      }
    }
    return UNLOADED;
  }

  private static String state(Served<?> served) {
    return switch (served.state()) {
      case Served.Coming<?> _, Served.Returning<?> _ -> "coming";
      case Served.Ready<?> _ -> "ready";
      case Served.Failed<?> _, Served.Lost<?> _ -> "failed";
      case Served.Unloaded<?> _, Served.Off<?> _ -> UNLOADED;
    };
  }

  private static @Nullable String detail(Served<?> served) {
    return switch (served.state()) {
      case Served.Coming<?>(String what) -> what;
      case Served.Returning<?>(String what, var _) -> what;
      case Served.Failed<?>(String why) -> why;
      case Served.Lost<?>(String why) -> why;
      case Served.Ready<?> _, Served.Unloaded<?> _, Served.Off<?> _ -> null;
    };
  }
}
