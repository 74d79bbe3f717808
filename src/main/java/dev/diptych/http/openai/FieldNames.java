package dev.diptych.http.openai;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint calls the fields that the engines name otherwise.
 *
 * @param names by the engines' names
 */
record FieldNames(Map<String, String> names) {

  private static final Pattern NAMED = Pattern.compile("`([^`]*)`");

  static final FieldNames EMBEDDINGS = new FieldNames(Map.of("inputs", "input"));
  static final FieldNames CHAT =
      new FieldNames(
          Map.of(
              "inputs",
              "messages",
              "max_new_tokens",
              "max_tokens",
              "top_n_tokens",
              "top_logprobs",
              "best_of",
              "n"));
  static final FieldNames COMPLETIONS =
      new FieldNames(
          Map.of("inputs", "prompt", "max_new_tokens", "max_tokens", "top_n_tokens", "logprobs"));
  static final FieldNames RESPONSES =
      new FieldNames(
          Map.of("inputs", "input", "messages", "input", "max_new_tokens", "max_output_tokens"));
  static final FieldNames DECISIONS = new FieldNames(Map.of("state", "input"));

  FieldNames {
    names = Map.copyOf(names);
  }

  /** Those of the endpoint at a path. */
  static FieldNames of(String path) {
    if (path.endsWith("/chat/completions")) {
      return CHAT;
    }
    if (path.endsWith("/completions")) {
      return COMPLETIONS;
    }
    if (path.endsWith("/decisions")) {
      return DECISIONS;
    }
    return path.endsWith("/responses") ? RESPONSES : EMBEDDINGS;
  }

  /** A message with the names of this endpoint. */
  String translate(String message) {
    return NAMED
        .matcher(message)
        .replaceAll(
            found ->
                "`"
                    + Matcher.quoteReplacement(names.getOrDefault(found.group(1), found.group(1)))
                    + "`");
  }

  /** The field that a message is about, with whose name it begins. */
  static @Nullable String first(String message) {
    Matcher named = NAMED.matcher(message);
    return named.lookingAt() ? named.group(1) : null;
  }
}
