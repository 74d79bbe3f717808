package dev.diptych.http.embed;

import dev.diptych.tasks.SparseVector;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.AbstractList;
import java.util.RandomAccess;

/** The numbers of a sparse vector, each made an object only when it is written. */
final class SparseValues extends AbstractList<SparseValues.Value> implements RandomAccess {

  /**
   * One number.
   *
   * @param index of its token in the vocabulary
   */
  @Schema(name = "SparseValue")
  record Value(@Schema(example = "2003") int index, @Schema(example = "0.41") float value) {}

  private final SparseVector vector;

  SparseValues(SparseVector vector) {
    this.vector = vector;
  }

  @Override
  public int size() {
    return vector.indices().length;
  }

  @Override
  public Value get(int place) {
    return new Value(vector.indices()[place], vector.values()[place]);
  }
}
