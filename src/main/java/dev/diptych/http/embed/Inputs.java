package dev.diptych.http.embed;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.diptych.encoding.EmbedInput;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What to embed: a text, the token ids of one text, or a list that may mix both.
 *
 * @param items each text or list of ids
 */
@Schema(
    name = "EmbedInputs",
    description = "A text, a list of texts, the token ids of one text, or a list of those",
    types = {"string", "array"},
    oneOf = {String.class, String[].class, Integer[].class, Integer[][].class},
    example = "[\"A cat.\", \"A kitten.\"]")
record Inputs(@Schema(hidden = true) List<EmbedInput> items) {

  private static final String FORMS =
      "must be a string, a list of token ids, or a list of strings and lists of token ids";

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Inputs of(JsonNode node) {
    if (node.isString()) {
      return new Inputs(List.of(new EmbedInput.Text(node.stringValue())));
    }
    if (!node.isArray()) {
      throw new IllegalArgumentException(FORMS);
    }
    if (!node.isEmpty() && node.get(0).isNumber()) {
      return new Inputs(List.of(tokenIds(node)));
    }
    List<EmbedInput> items = new ArrayList<>(node.size());
    for (JsonNode item : node.values()) {
      items.add(item.isString() ? new EmbedInput.Text(item.stringValue()) : tokenIds(item));
    }
    return new Inputs(items);
  }

  static EmbedInput.TokenIds tokenIds(JsonNode node) {
    if (!node.isArray()) {
      throw new IllegalArgumentException(FORMS);
    }
    int[] ids = new int[node.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = node.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw new IllegalArgumentException(FORMS);
      }
      ids[i] = id.intValue();
    }
    return new EmbedInput.TokenIds(ids);
  }
}
