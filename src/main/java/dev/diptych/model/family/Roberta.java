package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import java.io.IOException;
import java.util.Set;

/**
 * RoBERTa (arXiv:1907.11692), XLM-RoBERTa and CamemBERT: a BERT whose positions are counted from
 * behind the id of padding.
 */
final class Roberta implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("roberta", "xlm-roberta", "camembert");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    int padding = config.count(0, SizeLimits.VOCABULARY, 1, "pad_token_id");
    return Bert.blueprint(config, head, padding + 1, Activation.GELU);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return head(Bert.layers("roberta."), blueprint.head()).build();
  }

  /** With the names of its heads. */
  static WeightNames.Builder head(WeightNames.Builder names, Head head) {
    switch (head) {
      case Head.MaskedLanguageModel masked ->
          names
              .head("head.transform", "lm_head.dense")
              .head("head.norm", "lm_head.layer_norm")
              .head("head.output", "lm_head.decoder")
              .head(
                  "head.output.bias", Bert.biases(masked, "lm_head.bias", "lm_head.decoder.bias"));
      case Head.SequenceClassifier _ ->
          names
              .head("head.transform", "classifier.dense")
              .head("head.output", "classifier.out_proj");
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.head("head.output", "classifier");
    }
    return names.unused("(lm_head|classifier|qa_outputs)\\..*|.*\\.?pooler\\..*|.*position_ids");
  }
}
