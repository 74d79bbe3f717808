package dev.diptych.http.service;

import dev.diptych.encoding.Embedder;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.TextClassifier;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The model that clients of a service with one model ask about: the decoder where there is one,
 * else the embedding model, else that for masks.
 */
record FirstModel(
    @Schema(description = "The decoder, else the embedding model, as the settings name it")
        String modelId,
    @Nullable String modelSha,
    @Nullable String modelDtype,
    @Nullable String modelDeviceType,
    @Schema(example = "text-generation") String modelPipelineTag,
    @Schema(description = "The embedding model, else as model_id") String servedModelName,
    @Schema(
            description =
                "How the embedding model makes one vector of a text; without one the labels of the"
                    + " classifier or the ranker",
            example = "{\"embedding\": {\"pooling\": \"mean\"}}")
        @Nullable Map<String, Map<String, ?>> modelType,
    @Schema(description = "Requests to it that are accepted at once") int maxConcurrentRequests) {

  private static final List<Role> FIRST =
      List.of(
          Role.GENERATE,
          Role.EMBED,
          Role.FILL_MASK,
          Role.EMBED_SPARSE,
          Role.RANK,
          Role.CLASSIFY,
          Role.TAG,
          Role.ANSWER);

  static FirstModel of(ModelStates states, Map<Role, ModelInfo> models) {
    Role role =
        FIRST.stream().filter(one -> isOn(models.get(one))).findFirst().orElse(Role.GENERATE);
    ModelInfo first = models.get(role);
    ModelInfo embed = models.get(Role.EMBED);
    String id = first == null ? "" : first.status().modelId();
    return new FirstModel(
        id,
        first == null ? null : first.modelSha(),
        first == null ? null : first.modelDtype(),
        first == null ? null : first.modelDeviceType(),
        switch (role) {
          case GENERATE -> "text-generation";
          case EMBED -> "feature-extraction";
          case FILL_MASK -> "fill-mask";
          case EMBED_SPARSE -> "feature-extraction";
          case RANK -> "text-ranking";
          case CLASSIFY -> "text-classification";
          case TAG -> "token-classification";
          case ANSWER -> "question-answering";
        },
        embed != null && isOn(embed) ? embed.status().modelId() : id,
        type(states),
        first == null ? 0 : first.maxConcurrentRequests());
  }

  private static boolean isOn(@Nullable ModelInfo model) {
    return model != null && !model.status().modelId().isEmpty();
  }

  private static @Nullable Map<String, Map<String, ?>> type(ModelStates states) {
    List<Served<?>> served = new ArrayList<>(states.roles());
    served.sort(Comparator.comparingInt(one -> FIRST.indexOf(one.role())));
    for (Served<?> one : served) {
      Map<String, Map<String, ?>> type = type(one);
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  private static @Nullable Map<String, Map<String, ?>> type(Served<?> served) {
    if (served.state() instanceof Served.Ready<?>(Embedder embedder)) {
      String pooling =
          embedder.poolings().stream()
              .map(one -> one.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(","));
      return Map.of("embedding", Map.of("pooling", pooling));
    }
    if (served.state() instanceof Served.Ready<?>(SparseEmbedder _)) {
      return Map.of("embedding", Map.of("pooling", "splade"));
    }
    if (served.state() instanceof Served.Ready<?>(TextClassifier classifier)) {
      return Map.of("classifier", labels(classifier.labels()));
    }
    if (served.state() instanceof Served.Ready<?>(Ranker ranker)) {
      return Map.of("reranker", labels(ranker.labels()));
    }
    return null;
  }

  private static Map<String, ?> labels(Labels labels) {
    Map<String, String> byId = new LinkedHashMap<>();
    Map<String, Integer> byLabel = new LinkedHashMap<>();
    for (int id = 0; id < labels.names().size(); id++) {
      byId.put(Integer.toString(id), labels.names().get(id));
      byLabel.put(labels.names().get(id), id);
    }
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("id2label", byId);
    both.put("label2id", byLabel);
    return both;
  }
}
