package dev.diptych.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a byte-level tokenizer cuts a text before its merges, by the names that llama.cpp has for the
 * tokenizers of models; the expressions are those of the models' own files.
 */
enum PreTokenizer {
  GPT2(
      "default",
      "gpt-2",
      "gpt2",
      "phi-2",
      "olmo",
      "mpt",
      "jais",
      "exaone4",
      "modern-bert",
      "roberta-bpe",
      "trillion",
      "mellum",
      "gigachat",
      "granite-docling"),

  /** GPT-2's with each digit by itself. */
  DIGITS(
      "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"),

  LLAMA3(
      "llama-bpe",
      "llama3",
      "llama-v3",
      "falcon3",
      "falcon-h1",
      "pixtral",
      "midm-2.0",
      "lfm2",
      "dbrx",
      "smaug-bpe"),

  QWEN2("qwen2", "deepseek-r1-qwen", "megrez", "kormo", "stablelm2", "hunyuan", "solar-open"),

  /** Mistral's newer ones: words may change from small to capital letters only once. */
  TEKKEN("tekken"),

  GPT4O("gpt-4o", "llama4", "kanana2"),

  FALCON("falcon");

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String WORDS =
      "|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";
  private static final String CASES =
      "[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+%1$s|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*%1$s|\\p{N}%2$s|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "/]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  /* Of the same cut, but with merges that count for everything. */
  private static final Set<String> BY_MERGES_ALONE = Set.of("dbrx", "smaug-bpe");
  private static final Set<String> NOT_COMPOSED = Set.of("stablelm2", "hunyuan", "solar-open");

  private final String names;

  PreTokenizer(String... names) {
    this.names = String.join(" ", names);
  }

  private List<String> ownNames() {
    return List.of(names.split(" ", -1));
  }

  static Optional<PreTokenizer> of(String name) {
    return Arrays.stream(values()).filter(kind -> kind.ownNames().contains(name)).findFirst();
  }

  /** All names that are known. */
  static List<String> names() {
    return Arrays.stream(values()).flatMap(kind -> kind.ownNames().stream()).sorted().toList();
  }

  /** Whether what is a token stays one, whatever merges there are. */
  boolean ignoresMerges(String name) {
    return (this == LLAMA3 || this == TEKKEN) && !BY_MERGES_ALONE.contains(name);
  }

  /** Whether letters and their accents are composed first. */
  boolean composes(String name) {
    return this == QWEN2 && !NOT_COMPOSED.contains(name);
  }

  List<Map<String, Object>> parts() {
    return switch (this) {
      case GPT2 -> List.of(TokenizerJson.byteLevel(true));
      case DIGITS -> List.of(digits(true), TokenizerJson.byteLevel(true));
      case LLAMA3 -> cut(CONTRACTIONS + WORDS.formatted("{1,3}"));
      case QWEN2 -> cut(CONTRACTIONS + WORDS.formatted(""));
      case TEKKEN -> cut(CASES.formatted("", ""));
      case GPT4O -> cut(CASES.formatted(CONTRACTIONS + "?", "{1,3}"));
      case FALCON ->
          List.of(
              JsonFile.object("type", "Punctuation", "behavior", "Contiguous"),
              TokenizerJson.byteLevel(true),
              digits(false),
              split("[0-9][0-9][0-9]"));
    };
  }

  private static List<Map<String, Object>> cut(String expression) {
    return List.of(split(expression), TokenizerJson.byteLevel(false));
  }

  private static Map<String, Object> digits(boolean individual) {
    return JsonFile.object("type", "Digits", "individual_digits", individual);
  }

  private static Map<String, Object> split(String expression) {
    return JsonFile.object(
        "type",
        "Split",
        "pattern",
        JsonFile.object("Regex", expression),
        "behavior",
        "Isolated",
        "invert",
        false);
  }
}
