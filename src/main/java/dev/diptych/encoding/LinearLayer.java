package dev.diptych.encoding;

/**
 * {@code weight * vector + bias}, in float32.
 *
 * <p>The arrays are not copied.
 *
 * @param weight by inputs, {@code [inputs][outputs]}
 * @param bias {@code [outputs]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinearLayer(float[][] weight, float[] bias) {

  /*
   * Each input adds a multiple of its row to all outputs: a loop over arrays at one and the same
   * index, which becomes vector instructions. A block of the weight is used for all vectors before
   * the next is read. Every output is summed in the order of the inputs, however many vectors there
   * are.
   */

  private static final int BLOCK_INPUTS = 64;
  private static final int BLOCK_OUTPUTS = 1024;

  public LinearLayer {
    for (float[] row : weight) {
      if (row.length != bias.length) {
        throw new IllegalArgumentException(
            "%d weights of an input are not one for each of %d outputs"
                .formatted(row.length, bias.length));
      }
    }
  }

  int inputs() {
    return weight.length;
  }

  int outputs() {
    return bias.length;
  }

  /** Its outcome for each vector. */
  float[][] apply(float[][] vectors) {
    float[][] results = new float[vectors.length][];
    for (int i = 0; i < results.length; i++) {
      if (vectors[i].length != inputs()) {
        throw new IllegalArgumentException(
            "a vector of %d numbers is not of %d".formatted(vectors[i].length, inputs()));
      }
      results[i] = bias.clone();
    }
    for (int output = 0; output < outputs(); output += BLOCK_OUTPUTS) {
      int lastOutput = Math.min(output + BLOCK_OUTPUTS, outputs());
      for (int input = 0; input < inputs(); input += BLOCK_INPUTS) {
        int lastInput = Math.min(input + BLOCK_INPUTS, inputs());
        for (int i = 0; i < results.length; i++) {
          add(vectors[i], input, lastInput, results[i], output, lastOutput);
        }
      }
    }
    return results;
  }

  private void add(float[] vector, int first, int last, float[] result, int from, int to) {
    int input = first;
    for (; input + 3 < last; input += 4) {
      addFour(vector, input, result, from, to);
    }
    for (; input < last; input++) {
      addOne(vector[input], weight[input], result, from, to);
    }
  }

  private static void addOne(float value, float[] row, float[] result, int from, int to) {
    for (int output = from; output < to; output++) {
      result[output] += value * row[output];
    }
  }

  private void addFour(float[] vector, int input, float[] result, int from, int to) {
    float[] row = weight[input];
    float[] row2 = weight[input + 1];
    float[] row3 = weight[input + 2];
    float[] row4 = weight[input + 3];
    float value = vector[input];
    float value2 = vector[input + 1];
    float value3 = vector[input + 2];
    float value4 = vector[input + 3];
    for (int output = from; output < to; output++) {
      result[output] +=
          value * row[output]
              + value2 * row2[output]
              + value3 * row3[output]
              + value4 * row4[output];
    }
  }
}
