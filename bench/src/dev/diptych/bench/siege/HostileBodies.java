package dev.diptych.bench.siege;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of hostile requests, each as large as the service's default limit lets it be. */
final class HostileBodies {

  /** A little less than {@code http.max-body-size}. */
  static final int LARGEST = 1_990_000;

  private static final int TEXTS = 32;
  private static final int NESTING = 490;
  private static final String LONG_WORD = "telecommunications ";

  private HostileBodies() {}

  /** 2048 masks, for each of which a model computes a row of logits. */
  static byte[] masks() {
    return json(
        Map.of(
            "inputs",
            Collections.nCopies(TEXTS, "[MASK] ".repeat(64)),
            "parameters",
            Map.of("top_k", 1)));
  }

  /** Every word of the vocabulary for two masks in a long text, whose characters take two bytes. */
  static byte[] candidates() {
    return json(
        Map.of(
            "inputs",
            "[MASK] [MASK] " + LONG_WORD.repeat(506) + "\u4e00",
            "parameters",
            Map.of("top_k", 30_522)));
  }

  /** As many targets as a body holds. */
  static byte[] targets() {
    List<String> targets =
        IntStream.range(0, 165_000).mapToObj(i -> "\u4e00" + Integer.toHexString(i)).toList();
    return json(Map.of("inputs", "The [MASK] sat.", "parameters", Map.of("targets", targets)));
  }

  /** Texts of which each character is a token. */
  static byte[] manyTokens() {
    return json(Map.of("inputs", Collections.nCopies(TEXTS, "!".repeat(62_000))));
  }

  /** Token ids, as many as a body holds. */
  static byte[] manyIds() {
    String ids = "[" + "1037,".repeat(LARGEST / TEXTS / 5 - 2) + "1037]";
    return ("{\"ids\":[" + String.join(",", Collections.nCopies(TEXTS, ids)) + "]}")
        .getBytes(UTF_8);
  }

  /** Texts whose vectors of all tokens make an answer of 38 MB. */
  static byte[] allTokenVectors() {
    return json(Map.of("inputs", Collections.nCopies(TEXTS, "cat ".repeat(300))));
  }

  /** One text against as many as may come, each as long as the body allows. */
  static byte[] longSentences() {
    String text = "e\u0301".repeat(LARGEST / TEXTS / 3 - 100);
    return json(
        Map.of(
            "inputs",
            Map.of(
                "source_sentence", "A cat.", "sentences", Collections.nCopies(TEXTS - 1, text))));
  }

  /** A prompt without a space, of letters that normalisation has to join. */
  static byte[] combiningPrompt() {
    return prompt("e\u0301".repeat(LARGEST / 3 - 100), Map.of("max_new_tokens", 1));
  }

  /** A prompt of one word of digits. */
  static byte[] digitsPrompt() {
    return prompt("1".repeat(LARGEST - 200), Map.of("max_new_tokens", 1));
  }

  /** A long answer that costs much beside each token. */
  static byte[] endlessAnswer() {
    return prompt(
        "Count: 1 2 3", Map.of("max_new_tokens", 8000, "do_sample", true, "temperature", 5.0));
  }

  /** Everything that an answer can carry beside its text. */
  static byte[] detailedAnswer() {
    return prompt(
        "-".repeat(64),
        Map.of(
            "max_new_tokens",
            6000,
            "top_n_tokens",
            5,
            "repetition_penalty",
            0.01,
            "details",
            true));
  }

  /** Stop sequences that nearly match, behind each token. */
  static byte[] nearlyMatchingStops(int longest, int each) {
    return prompt(
        "-".repeat(640),
        Map.of(
            "max_new_tokens",
            7000,
            "repetition_penalty",
            0.01,
            "stop",
            List.of(
                "x".repeat(longest),
                "-".repeat(each - 2) + "x-",
                "-".repeat(each - 2) + "y-",
                "-".repeat(each - 2) + "z-")));
  }

  /** The beginning of a body whose objects take 38 times its size on the heap. */
  static byte[] trees() {
    String deep = "{\"\":".repeat(NESTING) + "0" + "}".repeat(NESTING);
    String trees = String.join(",", Collections.nCopies(LARGEST / (deep.length() + 1) - 1, deep));
    return ("{\"inputs\":[" + trees).getBytes(UTF_8);
  }

  /** The beginning of a body that is one long string. */
  static byte[] text(int characters) {
    return ("{\"inputs\":\"" + "a".repeat(characters)).getBytes(UTF_8);
  }

  /** An object of as many names as a body holds. */
  static byte[] names() {
    return IntStream.range(0, 165_000)
        .mapToObj(i -> "\"" + Integer.toHexString(i) + "\":0")
        .collect(Collectors.joining(",", "{\"inputs\":\"a\",", "}"))
        .getBytes(UTF_8);
  }

  /** A form of as many fields as a body holds. */
  static byte[] form() {
    return IntStream.range(0, 300_000)
        .mapToObj(Integer::toHexString)
        .collect(Collectors.joining("&"))
        .getBytes(UTF_8);
  }

  private static byte[] prompt(String text, Map<String, Object> parameters) {
    return json(Map.of("inputs", text, "parameters", parameters));
  }

  private static byte[] json(Object body) {
    return JsonMapper.shared().writeValueAsBytes(body);
  }
}
