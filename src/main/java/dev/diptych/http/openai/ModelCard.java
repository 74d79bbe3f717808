package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
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

  /** Every model. */
  @Schema(name = "ModelCards")
  record All(@Schema(example = "list") String object, List<ModelCard> data) {}
}
