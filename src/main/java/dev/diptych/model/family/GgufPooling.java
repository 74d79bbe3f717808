package dev.diptych.model.family;

import dev.diptych.checkpoint.GgufModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a GGUF model makes a vector of a text, in the files of sentence-transformers. */
public final class GgufPooling {

  private static final String KEY = "pooling_type";

  private static final String MODULES =
      """
      [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
      ]
      """;

  private GgufPooling() {}

  /**
   * Writes {@code modules.json} and what it names, if the metadata say how vectors are made.
   *
   * @throws IOException if they say so in a way that is not computed
   */
  public static void write(GgufModel model, Path folder) throws IOException {
    GgufKeys keys = new GgufKeys(model, Families.gguf(model).architecture());
    String pooling =
        switch (keys.index(KEY)) {
          case 0 -> "";
          case 1 -> "mean";
          case 2 -> "cls";
          case 3 -> "lasttoken";
          case 4 -> throw keys.invalid("pooling_type 4, which ranks texts, is not computed");
          default ->
              throw keys.invalid("the pooling_type %d is not known".formatted(keys.index(KEY)));
        };
    if (!pooling.isEmpty()) {
      Files.writeString(folder.resolve("modules.json"), MODULES);
      Path module = Files.createDirectory(folder.resolve("1_Pooling"));
      Files.writeString(
          module.resolve("config.json"),
          "{\"word_embedding_dimension\": %d, \"pooling_mode\": \"%s\"}%n"
              .formatted(keys.count("embedding_length"), pooling));
    }
  }
}
