package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model, as {@code /v1/models} tells of it.
 *
 * @param id what requests call it
 * @param created when the service started, in seconds since 1970
 * @param maxModelLen longest input in tokens, for a decoder with the answer; null until it is known
 * @param tasks what it does, in Hugging Face's words
 */
record ModelCard(
    @Schema(example = "smollm2-135m-instruct") String id,
    @Schema(example = "model") String object,
    long created,
    @Schema(example = "diptych") String ownedBy,
    @Schema(example = "8192") @Nullable Integer maxModelLen,
    @Schema(example = "[\"text-generation\"]") List<String> tasks) {

  /**
   * Every model, for two kinds of clients.
   *
   * @param data as OpenAI's clients read it
   * @param models as clients of TypeSafe's System One read it
   */
  @Schema(name = "ModelCards")
  record All(@Schema(example = "list") String object, List<ModelCard> data, List<Named> models) {

    static All of(List<ModelCard> cards) {
      return new All("list", cards, cards.stream().map(Named::of).toList());
    }
  }

  /**
   * A model in few words.
   *
   * @param description what it does
   * @param releaseDate the day on which the service started
   */
  @Schema(name = "NamedModelCard")
  record Named(
      @Schema(example = "smollm2-135m-instruct") String name,
      @Schema(example = "text-generation") String description,
      @Schema(example = "2026-12-01") String releaseDate) {

    private static Named of(ModelCard card) {
      return new Named(
          card.id,
          String.join(", ", card.tasks),
          LocalDate.ofInstant(Instant.ofEpochSecond(card.created), ZoneOffset.UTC).toString());
    }
  }
}
