package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokenizer of a checkpoint without {@code tokenizer.json}: a vocabulary in the form of its
 * class, from which transformers' {@code convert_slow_tokenizer.py} would make that file.
 */
public final class OlderTokenizer {

  /** The files that such a tokenizer may consist of, settings aside. */
  public static final Set<String> FILES =
      Set.of(
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "added_tokens.json",
          "sentencepiece.bpe.model",
          "spiece.model",
          "spm.model",
          "tokenizer.model");

  /** How the files of a class are read. */
  private interface Conversion {
    Map<String, Object> parts(Path vocabulary, OlderTokenizerSettings settings) throws IOException;
  }

  /** A class of tokenizers: the file with its vocabulary, and what becomes of it. */
  private record Kind(String file, Conversion conversion) {}

  private static final Map<String, Kind> CLASSES =
      Map.ofEntries(
          Map.entry("BertTokenizer", new Kind("vocab.txt", OlderWordPiece::bert)),
          Map.entry("DistilBertTokenizer", new Kind("vocab.txt", OlderWordPiece::bert)),
          Map.entry("ElectraTokenizer", new Kind("vocab.txt", OlderWordPiece::bert)),
          Map.entry("MPNetTokenizer", new Kind("vocab.txt", OlderWordPiece::mpnet)),
          Map.entry("RobertaTokenizer", new Kind("vocab.json", OlderBytePairs::roberta)),
          Map.entry("GPT2Tokenizer", new Kind("vocab.json", OlderBytePairs::gpt2)),
          Map.entry("CodeGenTokenizer", new Kind("vocab.json", OlderBytePairs::gpt2)),
          Map.entry(
              "XLMRobertaTokenizer",
              new Kind("sentencepiece.bpe.model", OlderSentencePiece::xlmRoberta)),
          Map.entry(
              "CamembertTokenizer",
              new Kind("sentencepiece.bpe.model", OlderSentencePiece::camembert)),
          Map.entry("AlbertTokenizer", new Kind("spiece.model", OlderSentencePiece::albert)),
          Map.entry("DebertaV2Tokenizer", new Kind("spm.model", OlderSentencePiece::deberta)),
          Map.entry("LlamaTokenizer", new Kind("tokenizer.model", OlderSentencePieceBpe::llama)),
          Map.entry("GemmaTokenizer", new Kind("tokenizer.model", OlderSentencePieceBpe::gemma)));

  /** The class of a model that names none. */
  private static final Map<String, String> OF_MODELS =
      Map.ofEntries(
          Map.entry("bert", "BertTokenizer"),
          Map.entry("nomic_bert", "BertTokenizer"),
          Map.entry("distilbert", "DistilBertTokenizer"),
          Map.entry("electra", "ElectraTokenizer"),
          Map.entry("mpnet", "MPNetTokenizer"),
          Map.entry("roberta", "RobertaTokenizer"),
          Map.entry("gpt2", "GPT2Tokenizer"),
          Map.entry("starcoder2", "GPT2Tokenizer"),
          Map.entry("phi", "CodeGenTokenizer"),
          Map.entry("xlm-roberta", "XLMRobertaTokenizer"),
          Map.entry("camembert", "CamembertTokenizer"),
          Map.entry("albert", "AlbertTokenizer"),
          Map.entry("deberta-v2", "DebertaV2Tokenizer"),
          Map.entry("llama", "LlamaTokenizer"),
          Map.entry("mistral", "LlamaTokenizer"),
          Map.entry("gemma", "GemmaTokenizer"),
          Map.entry("gemma2", "GemmaTokenizer"),
          Map.entry("gemma3_text", "GemmaTokenizer"));

  private OlderTokenizer() {}

  /**
   * Checks that a folder has such a tokenizer.
   *
   * @throws InvalidCheckpoint if the class is not known, or its file is missing
   */
  public static void require(Path folder) throws IOException {
    var _ = kind(folder, OlderTokenizerSettings.read(folder));
  }

  /**
   * What the folder's {@code tokenizer.json} would be.
   *
   * @throws InvalidCheckpoint as {@link #require}, or if a file is broken
   */
  public static byte[] json(Path folder) throws IOException {
    OlderTokenizerSettings settings = OlderTokenizerSettings.read(folder);
    Kind kind = kind(folder, settings);
    return JsonFile.bytes(kind.conversion.parts(folder.resolve(kind.file), settings));
  }

  private static Kind kind(Path folder, OlderTokenizerSettings settings) throws InvalidCheckpoint {
    String name = className(settings);
    Kind kind = CLASSES.get(name);
    if (name.isEmpty() || kind == null) {
      throw new InvalidCheckpoint(
          name.isEmpty()
              ? "%s has no tokenizer.json, and nothing says which tokenizer it has"
                  .formatted(folder)
              : "%s has no tokenizer.json, and its %s cannot be converted to one (those that can: %s)"
                  .formatted(
                      folder, quote(name), String.join(", ", new TreeSet<>(CLASSES.keySet()))));
    }
    if (!Files.isRegularFile(folder.resolve(kind.file))) {
      throw new InvalidCheckpoint(
          "%s has no tokenizer.json, and no %s, which a %s needs"
              .formatted(folder, kind.file, name));
    }
    return kind;
  }

  private static String className(OlderTokenizerSettings settings) {
    Optional<String> named = settings.className().filter(CLASSES::containsKey);
    String ofModel = OF_MODELS.getOrDefault(settings.modelType(), "");
    return named.orElse(ofModel.isEmpty() ? settings.className().orElse("") : ofModel);
  }
}
