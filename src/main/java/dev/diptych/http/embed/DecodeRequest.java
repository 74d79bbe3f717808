package dev.diptych.http.embed;

import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /decode}. */
@Schema(example = "{\"ids\": [101, 1037, 4937, 102], \"skip_special_tokens\": true}")
record DecodeRequest(
    @NotNull Ids ids,
    @Schema(defaultValue = "true", example = "true") @Nullable Boolean skipSpecialTokens,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

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
  @JsonDeserialize(using = Ids.Reader.class)
  record Ids(@Schema(hidden = true) List<int[]> lists) {

    private static final String FORMS = "must be a list of token ids, or a list of such lists";

    /** Reads token ids. */
    static final class Reader extends ValueDeserializer<Ids> {

      @Override
      public Ids deserialize(JsonParser parser, DeserializationContext context) {
        ListReader reader = new ListReader(parser, context, Ids.class, FORMS);
        reader.openList();
        if (reader.closesList() || reader.isNumber()) {
          return new Ids(List.of(reader.ids()));
        }
        List<int[]> lists = new ArrayList<>();
        while (!reader.closesList()) {
          reader.openList();
          reader.add(lists, reader.ids());
        }
        return new Ids(lists);
      }
    }
  }
}
