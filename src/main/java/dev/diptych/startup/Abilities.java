package dev.diptych.startup;

import dev.diptych.model.LogitScore;
import dev.diptych.model.Role;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import java.nio.file.Path;
import java.util.Set;

/** What a model can do, by its head. */
final class Abilities {

  private Abilities() {}

  /**
   * The roles that a checkpoint was made for. A decoder whose checkpoint says how it embeds does
   * that, and one whose checkpoint says by which tokens ranks; a classifier with one class ranks.
   */
  static Set<Role> of(Blueprint blueprint, Path folder) {
    if (LogitScore.isIn(folder)) {
      return Set.of(Role.RANK);
    }
    if (blueprint.isCausal() && SentenceEmbedding.isDescribed(folder)) {
      return Set.of(Role.EMBED);
    }
    return switch (blueprint.head()) {
      case Head.LanguageModel _ -> Set.of(Role.GENERATE);
      case Head.None _ -> Set.of(Role.EMBED);
      case Head.MaskedLanguageModel _ ->
          SentenceEmbedding.isSparse(folder)
              ? Set.of(Role.EMBED_SPARSE)
              : Set.of(Role.FILL_MASK, Role.EMBED);
      case Head.SequenceClassifier classifier ->
          Set.of(classifier.labels().names().size() == 1 ? Role.RANK : Role.CLASSIFY);
      case Head.TokenClassifier _ -> Set.of(Role.TAG);
      case Head.QuestionAnswering _ -> Set.of(Role.ANSWER);
    };
  }
}
