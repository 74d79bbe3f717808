package dev.diptych.http.openai;

import dev.diptych.encoding.Embeddings;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** Answer of {@code /v1/embeddings}. */
record EmbeddingsResponse(
    @Schema(example = "list") String object, List<Item> data, String model, Usage usage) {

  /**
   * @param embedding numbers, or a base64 string
   */
  @Schema(name = "EmbeddingItem")
  record Item(
      @Schema(example = "embedding") String object,
      @Schema(
              types = {"array", "string"},
              oneOf = {float[].class, String.class})
          Object embedding,
      int index) {}

  /** Tokens of the request; embedding generates none. */
  @Schema(name = "EmbeddingUsage")
  record Usage(int promptTokens, int totalTokens) {}

  static EmbeddingsResponse of(String model, Embeddings embeddings, boolean base64) {
    float[][] vectors = embeddings.vectors();
    List<Item> items =
        IntStream.range(0, vectors.length)
            .mapToObj(i -> new Item("embedding", base64 ? base64(vectors[i]) : vectors[i], i))
            .toList();
    int tokens = embeddings.metrics().tokens();
    return new EmbeddingsResponse("list", items, model, new Usage(tokens, tokens));
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
