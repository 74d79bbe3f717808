package dev.diptych.source;

import dev.diptych.checkpoint.OlderTokenizer;
import dev.diptych.checkpoint.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files of a repository a model is served from. */
final class HubFiles {

  private static final String TOKENIZER = "tokenizer.json";
  private static final Set<String> NAMES =
      Set.of(
          "config.json",
          "generation_config.json",
          TOKENIZER,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.json",
          "chat_template.jinja",
          "additional_chat_templates/tool_use.jinja",
          SentenceModules.FILE,
          "config_sentence_transformers.json");
  /* sentence_bert_config.json, and its older names after other families */
  private static final Pattern LENGTHS = Pattern.compile("sentence_[a-z_-]{1,40}_config\\.json");

  private HubFiles() {}

  /** Whether there is a tokenizer.json, or something that may be made one. */
  static boolean hasTokenizer(Collection<String> all) {
    return all.contains(TOKENIZER) || all.stream().anyMatch(OlderTokenizer.FILES::contains);
  }

  /**
   * Whether a GGUF model is what is served of a repository: it has no other weights, or one is
   * asked for.
   */
  static boolean isGguf(Collection<String> all, String quantisation) {
    return !quantisation.isEmpty()
        || (WeightFiles.decisive(all).isEmpty() && GgufChoice.isAmong(all));
  }

  /**
   * The files that say what else is needed: configuration, tokenizer, and the index of the weights
   * unless they are whole.
   */
  static Set<String> guides(Collection<String> all) {
    Set<String> guides = new LinkedHashSet<>();
    for (String name : all) {
      boolean older = !all.contains(TOKENIZER) && OlderTokenizer.FILES.contains(name);
      if (older || NAMES.contains(name) || LENGTHS.matcher(name).matches()) {
        guides.add(name);
      }
    }
    WeightFiles.decisive(all).filter(WeightFiles.INDEX::equals).ifPresent(guides::add);
    return guides;
  }

  /**
   * The files to take: the guides, the modules of sentence-transformers and the weights. Never a
   * pickle file.
   *
   * @param all what there is
   * @param folder has the guides
   * @throws IOException if there are no weights, no tokenizer that is known, or the index names
   *     some that there are not
   */
  static Set<String> wanted(Collection<String> all, Path folder) throws IOException {
    Set<String> wanted = guides(all);
    if (!all.contains(TOKENIZER)) {
      OlderTokenizer.require(folder);
    }
    Path modules = folder.resolve(SentenceModules.FILE);
    if (wanted.contains(SentenceModules.FILE) && Files.isRegularFile(modules)) {
      for (String file : SentenceModules.files(modules)) {
        if (all.contains(file)) {
          wanted.add(file);
        }
      }
    } else {
      all.stream().filter(SentenceModules.USUAL::contains).forEach(wanted::add);
    }
    Optional<String> decisive = WeightFiles.decisive(all);
    if (decisive.isEmpty()) {
      throw HubFailure.last("it has no *.safetensors (pickle files are never read)");
    }
    if (decisive.get().equals(WeightFiles.WHOLE)) {
      wanted.add(WeightFiles.WHOLE);
      return wanted;
    }
    List<String> shards = WeightFiles.shards(folder.resolve(WeightFiles.INDEX));
    for (String shard : shards) {
      if (!all.contains(shard)) {
        throw HubFailure.last(
            "its %s names %s, which it lacks".formatted(WeightFiles.INDEX, shard));
      }
    }
    wanted.addAll(shards);
    return wanted;
  }
}
