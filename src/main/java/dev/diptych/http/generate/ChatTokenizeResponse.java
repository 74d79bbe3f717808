package dev.diptych.http.generate;

import dev.diptych.generation.PlacedToken;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The answer of {@code /chat_tokenize}. */
record ChatTokenizeResponse(
    List<SimpleToken> tokenizeResponse,
    @Schema(description = "The prompt as the model's chat template writes it")
        String templatedText) {

  /** A token of the prompt and the characters that it covers. */
  record SimpleToken(int id, String text, int start, int stop) {

    static SimpleToken of(PlacedToken token) {
      return new SimpleToken(token.id(), token.text(), token.start(), token.stop());
    }
  }
}
