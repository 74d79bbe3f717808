package dev.diptych.model;

/**
 * Inputs of an encoder, concatenated without padding.
 *
 * <p>The arrays are not copied.
 *
 * @param tokenIds ids of all inputs, {@code [tokens]}
 * @param typeIds segment of each token (0 or 1), {@code [tokens]}
 * @param offsets where each input begins, and the total at the end, {@code [inputs + 1]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncoderBatch(int[] tokenIds, int[] typeIds, int[] offsets) {

  public int inputs() {
    return offsets.length - 1;
  }

  public int tokens() {
    return tokenIds.length;
  }

  /**
   * The position of each token, {@code [tokens]}, as transformers counts: from the first one in
   * each input; where that is above 0, the id below it is the padding id, whose tokens all stand at
   * the position of that number, and are not counted.
   *
   * @param firstPosition of the embeddings of positions
   */
  public int[] positions(int firstPosition) {
    int padding = firstPosition - 1;
    int[] positions = new int[tokens()];
    for (int input = 0; input < inputs(); input++) {
      int next = firstPosition;
      for (int token = offsets[input]; token < offsets[input + 1]; token++) {
        boolean padded = firstPosition > 0 && tokenIds[token] == padding;
        positions[token] = padded ? padding : next++;
      }
    }
    return positions;
  }
}
