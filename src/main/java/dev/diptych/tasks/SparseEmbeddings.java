package dev.diptych.tasks;

import dev.diptych.encoding.EncodingMetrics;
import java.util.List;

/**
 * Sparse vectors of texts.
 *
 * @param vectors one for each text
 * @param metrics what they cost
 */
public record SparseEmbeddings(List<SparseVector> vectors, EncodingMetrics metrics) {

  public SparseEmbeddings {
    vectors = List.copyOf(vectors);
  }
}
