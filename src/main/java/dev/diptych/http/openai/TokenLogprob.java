package dev.diptych.http.openai;

import dev.diptych.generation.GeneratedToken;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token of a chat's answer with its probability.
 *
 * @param token its text, with U+FFFD in the place of a part of a character
 * @param bytes of the text, which may begin or end within a character
 * @param topLogprobs the most probable tokens at its place, as many as were asked for
 */
record TokenLogprob(
    @Schema(example = " Paris") String token,
    @Schema(example = "-0.1") double logprob,
    List<Integer> bytes,
    List<Top> topLogprobs) {

  /** A token that could have stood there. */
  @Schema(name = "TopLogprob")
  record Top(String token, double logprob, List<Integer> bytes) {}

  /**
   * Those of an answer or of a part of it.
   *
   * @param refusal always null: nothing refuses
   */
  @Schema(name = "ChatLogprobs")
  record Content(List<TokenLogprob> content, @Schema(types = "null") @Nullable Object refusal) {

    static Content of(List<TokenLogprob> tokens) {
      return new Content(List.copyOf(tokens), null);
    }
  }

  static TokenLogprob of(GeneratedToken token, List<GeneratedToken> top, TokenSpelling spelling) {
    List<Top> others = new ArrayList<>(top.size());
    for (GeneratedToken other : top) {
      byte[] bytes = spelling.bytes(other);
      others.add(new Top(TokenSpelling.text(bytes), number(other), unsigned(bytes)));
    }
    byte[] bytes = spelling.bytes(token);
    return new TokenLogprob(TokenSpelling.text(bytes), number(token), unsigned(bytes), others);
  }

  /** JSON has no infinity, which stands for what cannot come. */
  static double number(GeneratedToken token) {
    Float value = token.logProbability();
    return value == null || value == Float.NEGATIVE_INFINITY ? LEAST : value;
  }

  private static final double LEAST = -9999; // as OpenAI and vLLM have it

  private static List<Integer> unsigned(byte[] bytes) {
    List<Integer> numbers = new ArrayList<>(bytes.length);
    for (byte one : bytes) {
      numbers.add(Byte.toUnsignedInt(one));
    }
    return numbers;
  }
}
