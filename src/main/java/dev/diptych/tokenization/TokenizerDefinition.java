package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code tokenizer.json} must not say: the tokenizer library believes it and ends the
 * process when it finds out, while it is read or when a text comes.
 */
final class TokenizerDefinition {

  private static final int MAX_REPLACEMENT = 100;
  private static final int MAX_STRIPPED = 1000;

  private TokenizerDefinition() {}

  /**
   * Checks a whole definition.
   *
   * @throws InvalidCheckpoint naming what would end the process
   */
  static void check(JsonNode definition) throws InvalidCheckpoint {
    requireWholeCharacters(definition);
    checkMerges(definition.path("model"));
    for (JsonNode part : parts(definition.path("normalizer"), "normalizers").toList()) {
      switch (part.path("type").asString("")) {
        case "Precompiled" ->
            PrecompiledCharacters.check(part.path("precompiled_charsmap").asString(""));
        case "Prepend" -> {
          if (part.path("prepend").asString("").isEmpty()) {
            throw invalid("a Prepend normalizer puts nothing before a text");
          }
        }
        case "Replace" -> {
          checkPattern(part.path("pattern"));
          checkReplacement(part);
        }
        default -> {}
      }
    }
    for (JsonNode part : parts(definition.path("pre_tokenizer"), "pretokenizers").toList()) {
      checkPattern(part.path("pattern"));
      if (part.path("type").asString("").equals("FixedLength")
          && part.path("length").asLong(0) < 1) {
        throw invalid("a FixedLength pre-tokenizer needs a length of at least 1");
      }
    }
    for (JsonNode part : parts(definition.path("post_processor"), "processors").toList()) {
      if (part.path("type").asString("").equals("TemplateProcessing")) {
        checkTemplate(part, "single", Set.of("A"));
        checkTemplate(part, "pair", Set.of("A", "B"));
      }
    }
    for (JsonNode part : parts(definition.path("decoder"), "decoders").toList()) {
      checkPattern(part.path("pattern"));
      for (String side : List.of("start", "stop")) {
        if (part.path(side).isNumber() && part.path(side).asDouble() > MAX_STRIPPED) {
          throw invalid(
              "a Strip decoder takes away more than %d characters".formatted(MAX_STRIPPED));
        }
      }
    }
  }

  /** A component, or those of a sequence, sequences in sequences included. */
  private static Stream<JsonNode> parts(JsonNode component, String inside) {
    return component.path(inside).isArray()
        ? component.path(inside).valueStream().flatMap(part -> parts(part, inside))
        : Stream.of(component);
  }

  private static void requireWholeCharacters(JsonNode node) throws InvalidCheckpoint {
    if (node.isString()) {
      requireWholeCharacters(node.stringValue());
    }
    if (node.isObject()) {
      for (String name : node.propertyNames()) {
        requireWholeCharacters(name);
      }
    }
    for (JsonNode child : node) {
      requireWholeCharacters(child);
    }
  }

  /** Refuses a text with half a surrogate pair. */
  static void requireWholeCharacters(String text) throws InvalidCheckpoint {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw invalid("a text has half a surrogate pair");
        }
        i++;
      }
    }
  }

  /* The library cuts the prefix off the second part of each merge. */
  private static void checkMerges(JsonNode model) throws InvalidCheckpoint {
    String prefix = model.path("continuing_subword_prefix").asString("");
    if (prefix.isEmpty() || !model.path("merges").isArray()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String second =
          merge.isArray()
              ? merge.path(1).asString("")
              : merge.asString("").substring(merge.asString("").indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        throw invalid(
            "`continuing_subword_prefix` is %s, but a merge goes on with %s"
                .formatted(shortened(prefix), shortened(second)));
      }
    }
  }

  private static void checkTemplate(JsonNode template, String form, Set<String> sequences)
      throws InvalidCheckpoint {
    JsonNode specialTokens = template.path("special_tokens");
    for (JsonNode piece : template.path(form)) {
      String sequence = piece.path("Sequence").path("id").asString("A");
      if (!sequences.contains(sequence)) {
        throw invalid("the template `%s` has a text %s".formatted(form, shortened(sequence)));
      }
      JsonNode token = piece.path("SpecialToken").path("id");
      if (token.isMissingNode()) {
        continue;
      }
      JsonNode special = specialTokens.path(token.asString(""));
      int ids = special.path("ids").size();
      if (ids == 0 || ids != special.path("tokens").size()) {
        throw invalid(
            "the template `%s` has a special token %s without an id for each of its tokens"
                .formatted(form, shortened(token.asString(""))));
      }
    }
  }

  /* What matches nothing at all is replaced without an end. */
  private static void checkReplacement(JsonNode replace) throws InvalidCheckpoint {
    if (replace.path("content").asString("").length() > MAX_REPLACEMENT) {
      throw invalid(
          "a Replace normalizer puts more than %d characters for a match"
              .formatted(MAX_REPLACEMENT));
    }
    String regex = replace.path("pattern").path("Regex").asString(null);
    String text = replace.path("pattern").path("String").asString(null);
    if ((text != null && text.isEmpty()) || (regex != null && matchesNothing(regex))) {
      throw invalid("a Replace normalizer has a pattern that matches an empty text");
    }
  }

  private static boolean matchesNothing(String regex) {
    try {
      return Pattern.compile(regex).matcher("").find();
    } catch (PatternSyntaxException | StackOverflowError _) {
      return false; // the library says what is wrong with it
    }
  }

  private static void checkPattern(JsonNode pattern) throws InvalidCheckpoint {
    String regex = pattern.path("Regex").asString(null);
    if (regex != null && RepeatedRepetition.in(regex)) {
      throw invalid(
          "the pattern %s repeats a repetition, which takes endless time on some texts"
              .formatted(shortened(regex)));
    }
  }

  static String shortened(@Nullable String text) {
    String shown = String.valueOf(text);
    return shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
  }

  static InvalidCheckpoint invalid(String what) {
    return new InvalidCheckpoint("tokenizer.json: " + what);
  }
}
