package dev.diptych.http.openai;

import dev.diptych.model.ModelFacts;
import dev.diptych.model.ModelsByName;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The models by the names that requests give. */
@Component
final class Models {

  private final ModelsByName models;
  private final long since = Instant.now().getEpochSecond();

  Models(List<ServedModels<?>> roles) {
    this.models = new ModelsByName(roles);
  }

  /** One card for each model that is configured, whatever its roles. */
  List<ModelCard> cards() {
    return models.byName().entrySet().stream()
        .map(one -> card(one.getKey(), one.getValue()))
        .toList();
  }

  /** The card of a model. */
  ModelCard card(String model) {
    List<Served<?>> named = models.named(model);
    if (named.isEmpty()) {
      throw unknown(model);
    }
    return card(named.getFirst().name(), named);
  }

  /**
   * The model that a request names.
   *
   * @param model null takes the default
   * @param served those that can answer the request
   * @throws Refusal if there is no such model, or it does something else
   */
  <T> Served<T> named(@Nullable String model, ServedModels<T> served) {
    return served.find(model).orElseThrow(() -> refused(String.valueOf(model)));
  }

  private Refusal refused(String model) {
    List<Served<?>> others = models.named(model);
    return others.isEmpty()
        ? unknown(model)
        : Refusal.otherModel(
            "the model `%s` cannot do this: it %s"
                .formatted(
                    model,
                    others.stream()
                        .map(other -> ability(other.role()))
                        .collect(Collectors.joining(", and "))));
  }

  private Refusal unknown(String model) {
    return Refusal.noModel(
        "there is no model `%s`; there is %s"
            .formatted(
                model,
                models.all().stream()
                    .map(served -> "`" + served.name() + "`")
                    .distinct()
                    .collect(Collectors.joining(" and "))));
  }

  private ModelCard card(String name, List<Served<?>> roles) {
    Integer longest = null;
    for (Served<?> served : roles) {
      if (served.state() instanceof Served.Ready<?>(ModelFacts.Known known)) {
        ModelFacts facts = known.facts();
        longest = facts.maxTotalTokens() == null ? facts.maxInputTokens() : facts.maxTotalTokens();
        break;
      }
    }
    return new ModelCard(
        name,
        "model",
        since,
        "diptych",
        longest,
        roles.stream().filter(models::isCertain).map(served -> task(served.role())).toList());
  }

  private static String task(Role role) {
    return switch (role) {
      case GENERATE -> "text-generation";
      case FILL_MASK -> "fill-mask";
      case EMBED_SPARSE -> "feature-extraction";
      case EMBED -> "feature-extraction";
      case CLASSIFY -> "text-classification";
      case RANK -> "text-ranking";
      case TAG -> "token-classification";
      case ANSWER -> "question-answering";
    };
  }

  private static String ability(Role role) {
    return switch (role) {
      case GENERATE -> "continues texts, at /v1/chat/completions and /v1/completions";
      case FILL_MASK -> "finds words for gaps, at /fill-mask";
      case EMBED_SPARSE -> "makes sparse vectors of texts, at /embed_sparse";
      case EMBED -> "makes vectors of texts, at /v1/embeddings";
      case CLASSIFY -> "classifies texts, at /predict";
      case RANK -> "ranks texts, at /v1/rerank";
      case TAG -> "tags words, at /token-classification";
      case ANSWER -> "finds answers in texts, at /question-answering";
    };
  }
}
