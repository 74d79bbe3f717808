package dev.diptych.encoding;

/** Makes vectors of length 1; zero stays zero. */
public record UnitLength() implements VectorModule {

  @Override
  public int outputs(int inputs) {
    return inputs;
  }

  @Override
  public float[][] apply(float[][] vectors) {
    float[][] units = new float[vectors.length][];
    for (int i = 0; i < units.length; i++) {
      units[i] = Vectors.shaped(vectors[i], VectorOptions.DEFAULT);
    }
    return units;
  }
}
