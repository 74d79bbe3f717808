package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import dev.diptych.checkpoint.OlderSpecialTokens.Special;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A tokenizer of GPT-2's kind, of which there are {@code vocab.json} and {@code merges.txt}. */
final class OlderBytePairs {

  private static final long MAX_MERGES_BYTES = 32_000_000;
  private static final String END = "<|endoftext|>";

  private static final List<Special> ROBERTA =
      List.of(
          new Special("bos_token", "<s>"),
          new Special("eos_token", "</s>"),
          new Special("unk_token", "<unk>"),
          new Special("sep_token", "</s>"),
          new Special("pad_token", "<pad>"),
          new Special("cls_token", "<s>"),
          new Special("mask_token", "<mask>", true));

  private static final List<Special> GPT2 =
      List.of(
          new Special("bos_token", END),
          new Special("eos_token", END),
          new Special("unk_token", END),
          new Special("pad_token", null));

  private OlderBytePairs() {}

  static Map<String, Object> roberta(Path file, OlderTokenizerSettings settings)
      throws IOException {
    Map<String, Integer> vocabulary = vocabulary(file);
    OlderSpecialTokens tokens = OlderSpecialTokens.read(settings, vocabulary, ROBERTA, Map.of());
    boolean prefix = settings.flag("add_prefix_space", false);
    return parts(
        file,
        vocabulary,
        prefix,
        tokens,
        aroundEach(tokens, settings.flag("trim_offsets", true), prefix));
  }

  static Map<String, Object> gpt2(Path file, OlderTokenizerSettings settings) throws IOException {
    Map<String, Integer> vocabulary = vocabulary(file);
    OlderSpecialTokens tokens = OlderSpecialTokens.read(settings, vocabulary, GPT2, Map.of());
    boolean prefix = settings.flag("add_prefix_space", false);
    Map<String, Object> postProcessor = byteLevel(prefix, false);
    if (settings.flag("add_bos_token", false)) {
      String first = tokens.required("bos_token");
      postProcessor =
          TokenizerJson.template(
              List.of(first, "A"),
              List.of(first, "A", first, "B"),
              Map.of(first, tokens.id(first)));
    }
    return parts(file, vocabulary, prefix, tokens, postProcessor);
  }

  /** RoBERTa's special tokens: {@code <s> A </s>}, and {@code <s> A </s></s> B </s>}. */
  static Map<String, Object> aroundEach(
      OlderSpecialTokens tokens, boolean trimsOffsets, boolean prefix) throws InvalidCheckpoint {
    String first = tokens.required("cls_token");
    String last = tokens.required("sep_token");
    return JsonFile.object(
        "type",
        "RobertaProcessing",
        "sep",
        List.of(last, tokens.id(last)),
        "cls",
        List.of(first, tokens.id(first)),
        "trim_offsets",
        trimsOffsets,
        "add_prefix_space",
        prefix);
  }

  private static Map<String, Object> parts(
      Path file,
      Map<String, Integer> vocabulary,
      boolean prefix,
      OlderSpecialTokens tokens,
      Map<String, Object> postProcessor)
      throws IOException {
    return JsonFile.object(
        "version",
        "1.0",
        "added_tokens",
        tokens.added(),
        "pre_tokenizer",
        byteLevel(prefix, true),
        "post_processor",
        postProcessor,
        "decoder",
        byteLevel(true, true),
        "model",
        JsonFile.object(
            "type",
            "BPE",
            "continuing_subword_prefix",
            "",
            "end_of_word_suffix",
            "",
            "fuse_unk",
            false,
            "vocab",
            vocabulary,
            "merges",
            merges(file.resolveSibling("merges.txt"))));
  }

  private static Map<String, Object> byteLevel(boolean prefix, boolean trimsOffsets) {
    return JsonFile.object(
        "type",
        "ByteLevel",
        "add_prefix_space",
        prefix,
        "trim_offsets",
        trimsOffsets,
        "use_regex",
        true);
  }

  private static Map<String, Integer> vocabulary(Path file) throws IOException {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : OlderTokenizerSettings.object(file).properties()) {
      if (!entry.getValue().isInt() || entry.getValue().intValue() < 0) {
        throw new InvalidCheckpoint(
            "%s gives the token %s the id %s"
                .formatted(file, quote(entry.getKey()), quote(entry.getValue().toString())));
      }
      vocabulary.put(entry.getKey(), entry.getValue().intValue());
    }
    return vocabulary;
  }

  private static List<String> merges(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidCheckpoint("%s has no %s".formatted(file.getParent(), file.getFileName()));
    }
    if (Files.size(file) > MAX_MERGES_BYTES) {
      throw new InvalidCheckpoint(
          "%s has %d bytes; at most %d are read"
              .formatted(file, Files.size(file), MAX_MERGES_BYTES));
    }
    List<String> merges = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#version") || line.isBlank()) {
          continue;
        }
        if (line.indexOf(' ') <= 0 || line.indexOf(' ') != line.lastIndexOf(' ')) {
          throw new InvalidCheckpoint(
              "%s has the line %s, which is not two tokens".formatted(file, quote(line)));
        }
        merges.add(line);
      }
    } catch (CharacterCodingException e) {
      throw new InvalidCheckpoint(file + " is not UTF-8", e);
    }
    return merges;
  }
}
