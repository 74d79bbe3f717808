package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Says with each operation which models can answer it, or which setting brings one. */
@Component
final class DocumentedModels implements OpenApiCustomizer {

  /** The roles of the operations that a model answers; any of several will do. */
  static final Map<String, List<Role>> ROLES = roles();

  private final List<ServedModels<?>> roles;

  DocumentedModels(List<ServedModels<?>> roles) {
    this.roles = roles.stream().sorted(Comparator.comparing(ServedModels::role)).toList();
  }

  private static Map<String, List<Role>> roles() {
    Map<String, List<Role>> roles = new LinkedHashMap<>();
    put(
        roles,
        List.of(Role.GENERATE),
        "/generate",
        "/generate_stream",
        "/chat_tokenize",
        "/v1/chat/completions",
        "/chat/completions",
        "/v1/completions",
        "/completions",
        "/v1/responses",
        "/responses");
    put(roles, List.of(Role.FILL_MASK), "/fill-mask");
    put(roles, List.of(Role.EMBED_SPARSE), "/embed_sparse");
    put(
        roles,
        List.of(Role.EMBED),
        "/embed",
        "/embed_all",
        "/invocations",
        "/similarity",
        "/tokenize",
        "/decode",
        "/v1/embeddings",
        "/embeddings",
        "/sentence-similarity",
        "/feature-extraction");
    put(
        roles,
        List.of(Role.CLASSIFY),
        "/predict",
        "/text-classification",
        "/zero-shot-classification");
    put(roles, List.of(Role.RANK), "/rerank", "/v1/rerank", "/v2/rerank");
    put(roles, List.of(Role.TAG), "/token-classification");
    put(roles, List.of(Role.ANSWER), "/question-answering");
    put(
        roles,
        List.of(Role.GENERATE, Role.CLASSIFY, Role.FILL_MASK, Role.EMBED),
        "/v1/systemone",
        "/v1/decisions",
        "/decisions",
        "/compare");
    return Map.copyOf(roles);
  }

  private static void put(Map<String, List<Role>> all, List<Role> roles, String... paths) {
    for (String path : paths) {
      all.put(path, roles);
    }
  }

  @Override
  public void customise(OpenAPI document) {
    document
        .getPaths()
        .forEach(
            (path, item) -> {
              List<Role> needed = ROLES.get(path);
              if (needed != null && item.getPost() != null) {
                describe(item.getPost(), sentence(needed));
              }
            });
  }

  private static void describe(Operation operation, String sentence) {
    String before = operation.getDescription();
    operation.setDescription(before == null ? sentence : before + "\n\n" + sentence);
  }

  private String sentence(List<Role> needed) {
    List<String> names = new ArrayList<>();
    for (ServedModels<?> models : roles) {
      if (needed.contains(models.role())) {
        models.all().stream().map(Served::name).map(DocumentedModels::code).forEach(names::add);
      }
    }
    String settings =
        needed.stream()
            .map(role -> code("diptych.models." + role.label()))
            .collect(Collectors.joining(" or "));
    return names.isEmpty()
        ? "**No model answers this**; %s brings one.".formatted(settings)
        : "Answered by %s.".formatted(names.stream().distinct().collect(Collectors.joining(", ")));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
