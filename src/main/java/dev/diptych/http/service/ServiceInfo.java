package dev.diptych.http.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.diptych.DiptychSettings;
import dev.diptych.model.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The service, its limits and its models. All fields of text-generation-inference and
 * text-embeddings-inference stand at the top; what differs between the models stands with each too.
 */
record ServiceInfo(
    @JsonUnwrapped FirstModel first,
    @Schema(example = "diptych") String router,
    @Schema(example = "0.1.0") String version,
    @Schema(description = "Not known") @Nullable String sha,
    @Schema(description = "Not known") @Nullable String dockerLabel,
    @Schema(description = "Answers a /generate request may ask for", example = "2") int maxBestOf,
    @Schema(description = "Stop strings of a /generate request", example = "4")
        int maxStopSequences,
    @Schema(description = "Alternatives per token a /generate request may ask for", example = "5")
        @JsonProperty("max_top_n_tokens")
        int maxTopNTokens,
    @Schema(description = "Longest prompt in tokens, once known", example = "8191")
        @Nullable Integer maxInputTokens,
    @Schema(description = "Longest prompt and answer together, once known", example = "8192")
        @Nullable Integer maxTotalTokens,
    @Schema(description = "Longest text to embed in tokens, once known", example = "256")
        @Nullable Integer maxInputLength,
    @Schema(description = "Tokens that the encoders compute together", example = "4096")
        int maxBatchTokens,
    @Schema(description = "Not limited") @Nullable Integer maxBatchRequests,
    @Schema(description = "Texts in one request to an encoder", example = "32")
        int maxClientBatchSize,
    @Schema(description = "Whether texts to embed that are too long are cut") boolean autoTruncate,
    @Schema(description = "Processors that check and tokenize prompts", example = "2")
        int validationWorkers,
    @Schema(description = "Processors that tokenize texts", example = "2") int tokenizationWorkers,
    @Schema(description = "Largest request body in bytes", example = "2000000") long payloadLimit,
    @Schema(description = "The default model of each role") Map<String, ModelInfo> models,
    @Schema(description = "Every model, by its name") Map<String, NamedModelInfo> namedModels) {

  static ServiceInfo of(String version, DiptychSettings settings, ModelStates states) {
    Map<Role, ModelInfo> models = new LinkedHashMap<>();
    states
        .roles()
        .forEach(
            served ->
                models.put(
                    served.role(), ModelInfo.of(served, concurrent(served.role(), settings))));
    Map<String, NamedModelInfo> named = new LinkedHashMap<>();
    states
        .byName()
        .forEach((name, roles) -> named.put(name, NamedModelInfo.of(roles, states, settings)));
    ModelInfo generate = models.get(Role.GENERATE);
    ModelInfo embed = models.get(Role.EMBED);
    Map<String, ModelInfo> byLabel = new LinkedHashMap<>();
    models.forEach((role, model) -> byLabel.put(role.label(), model));
    int processors = Runtime.getRuntime().availableProcessors();
    return new ServiceInfo(
        FirstModel.of(states, models),
        "diptych",
        version,
        null,
        null,
        settings.generation().maxBestOf(),
        settings.generation().maxStopSequences(),
        settings.generation().maxTopNTokens(),
        generate == null ? null : generate.maxInputTokens(),
        generate == null ? null : generate.maxTotalTokens(),
        embed == null ? null : embed.maxInputTokens(),
        settings.encoding().maxBatchTokens(),
        null,
        settings.encoding().maxClientBatchSize(),
        settings.encoding().autoTruncate(),
        processors,
        processors,
        settings.http().maxBodySize().toBytes(),
        byLabel,
        named);
  }

  /** Requests to a role that are accepted at once. */
  static int concurrent(Role role, DiptychSettings settings) {
    return switch (role) {
      case GENERATE -> settings.generation().maxConcurrentRequests();
      case FILL_MASK, EMBED, EMBED_SPARSE, CLASSIFY, RANK, TAG, ANSWER ->
          settings.encoding().maxConcurrentRequests();
    };
  }
}
