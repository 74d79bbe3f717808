package dev.diptych.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Which files of a repository a model is served from. */
final class HubFiles {

  private static final Set<String> NAMES =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "vocab.txt",
          "merges.txt",
          "modules.json",
          "sentence_bert_config.json",
          "config_sentence_transformers.json",
          "1_Pooling/config.json",
          "2_Dense/config.json",
          "2_Dense/model.safetensors");
  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private HubFiles() {}

  /**
   * The files to take: configuration, tokenizer and weights. Weights are model.safetensors, else
   * the shards beside an index, else any *.safetensors. Never a pickle file.
   */
  static List<String> wanted(Collection<String> all) {
    List<String> wanted = new ArrayList<>(all.stream().filter(NAMES::contains).toList());
    if (all.contains(WHOLE)) {
      wanted.add(WHOLE);
      return wanted;
    }
    boolean sharded = all.contains(INDEX);
    if (sharded) {
      wanted.add(INDEX);
    }
    for (String name : all) {
      if (name.endsWith(".safetensors")
          && name.indexOf('/') < 0
          && (!sharded || name.startsWith("model-"))) {
        wanted.add(name);
      }
    }
    return wanted;
  }
}
