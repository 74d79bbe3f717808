package dev.diptych.http.embed;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Body of {@code /decode}. */
@Schema(example = "{\"ids\": [101, 1037, 4937, 102], \"skip_special_tokens\": true}")
record DecodeRequest(
    @NotNull Ids ids,
    @Schema(defaultValue = "true", example = "true") @Nullable Boolean skipSpecialTokens) {

  /**
   * Token ids of one text or of several.
   *
   * @param lists one list per text
   */
  @Schema(
      name = "DecodeIds",
      types = "array",
      oneOf = {Integer[].class, Integer[][].class},
      example = "[101, 1037, 4937, 102]")
  record Ids(@Schema(hidden = true) List<int[]> lists) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Ids of(JsonNode node) {
      if (!node.isArray()) {
        throw new IllegalArgumentException("must be a list of token ids, or a list of such lists");
      }
      if (node.isEmpty() || node.get(0).isNumber()) {
        return new Ids(List.of(Inputs.tokenIds(node).values()));
      }
      List<int[]> lists = new ArrayList<>(node.size());
      node.values().forEach(list -> lists.add(Inputs.tokenIds(list).values()));
      return new Ids(lists);
    }
  }
}
