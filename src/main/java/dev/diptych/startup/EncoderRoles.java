package dev.diptych.startup;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.startup.EncoderStartup.LoadedEncoder;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TextClassifier;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Everything that encoders answer. */
@Component
final class EncoderRoles {

  private final List<EncoderRole<?>> roles;

  EncoderRoles(
      EncoderStartup encoders,
      ServedModels<MaskFiller> maskFillers,
      ServedModels<Embedder> embedders,
      ServedModels<SparseEmbedder> sparseEmbedders,
      ServedModels<TextClassifier> classifiers,
      ServedModels<Ranker> rankers,
      ServedModels<Tagger> taggers,
      ServedModels<QuestionAnswerer> answerers) {
    this.roles =
        List.of(
            new EncoderRole<>(maskFillers, encoders::maskFiller),
            new EncoderRole<>(embedders, encoders::embedder),
            new EncoderRole<>(sparseEmbedders, encoders::sparseEmbedder),
            new EncoderRole<>(classifiers, encoder -> new TextClassifier(encoders.headed(encoder))),
            new EncoderRole<>(rankers, encoders::ranker),
            new EncoderRole<>(taggers, encoder -> new Tagger(encoders.headed(encoder))),
            new EncoderRole<>(
                answerers, encoder -> new QuestionAnswerer(encoders.headed(encoder))));
  }

  /** The models of every role. */
  List<ServedModels<?>> models() {
    return roles.stream().<ServedModels<?>>map(EncoderRole::models).toList();
  }

  /**
   * Makes a model answer its role.
   *
   * @throws IOException if the checkpoint does not say how
   * @throws IllegalArgumentException if the model cannot do this
   */
  void serve(Served<?> served, LoadedEncoder encoder) throws IOException {
    for (EncoderRole<?> role : roles) {
      if (role.role() == served.role()) {
        role.serve(served, encoder);
      }
    }
  }
}
