package dev.diptych.torchscript;

import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the chunks and next tokens of a step, which can be computed beside the others, as no slot
 * looks at another.
 *
 * @param firstChunkAnswer rows of logits that chunks of the step before these ask for
 * @param firstNextAnswer rows of logits before those of these next tokens
 */
record StepPart(
    List<PromptChunk> chunks, NextTokens next, int firstChunkAnswer, int firstNextAnswer) {

  /* Parts whose largest has more than this many times its share gain too little. */
  private static final double MOST_UNEVEN = 1.4;

  /** A step as one part. */
  static StepPart whole(List<PromptChunk> chunks, NextTokens next) {
    return new StepPart(chunks, next, 0, answers(chunks));
  }

  /** Tokens to compute. */
  int rows() {
    return rowsBefore(chunks.size() + next.count());
  }

  /** Rows of logits that the caller wants. */
  int answers() {
    return answers(chunks) + next.tokensOf(next.count());
  }

  private static int answers(List<PromptChunk> chunks) {
    return chunks.stream().mapToInt(PromptChunk::rows).sum();
  }

  /**
   * Copies the logits of this part, {@code [answers, vocabulary]}, to their place in the step's.
   */
  void answer(FloatBuffer values, float[] logits, int vocabulary) {
    int ofChunks = answers(chunks) * vocabulary;
    values.get(logits, firstChunkAnswer * vocabulary, ofChunks);
    values.get(logits, firstNextAnswer * vocabulary, values.remaining());
  }

  /**
   * At most so many parts of about as many rows; none if there is only one slot or one of the slots
   * has most of the rows.
   */
  List<StepPart> cut(int most) {
    for (int count = Math.min(most, chunks.size() + next.count()); count > 1; count--) {
      List<StepPart> parts = cutEvenly(count);
      int largest = parts.stream().mapToInt(StepPart::rows).max().orElseThrow();
      if (largest * count <= MOST_UNEVEN * rows()) {
        return parts;
      }
    }
    return List.of();
  }

  /* Chunks come first, then slots; each part ends with the one in which its share of the rows ends. */
  private List<StepPart> cutEvenly(int count) {
    int items = chunks.size() + next.count();
    List<StepPart> parts = new ArrayList<>();
    int begin = 0;
    for (int part = 1; part <= count; part++) {
      int end = begin;
      while (end < items && 2L * rowsBefore(end) + rowsOf(end) <= 2L * part * rows() / count) {
        end++;
      }
      if (end > begin) {
        parts.add(range(begin, part == count ? items : end));
        begin = end;
      }
    }
    return parts;
  }

  private StepPart range(int begin, int end) {
    int chunksEnd = Math.min(end, chunks.size());
    int chunksBegin = Math.min(begin, chunks.size());
    int nextBegin = Math.max(0, begin - chunks.size());
    int nextEnd = Math.max(0, end - chunks.size());
    return new StepPart(
        chunks.subList(chunksBegin, chunksEnd),
        next.range(nextBegin, nextEnd),
        firstChunkAnswer + answers(chunks.subList(0, chunksBegin)),
        firstNextAnswer + next.tokensOf(nextBegin));
  }

  private int rowsBefore(int item) {
    int ofChunks = chunks.stream().limit(item).mapToInt(chunk -> chunk.tokens().length).sum();
    return ofChunks + next.tokensOf(Math.max(0, item - chunks.size()));
  }

  private int rowsOf(int item) {
    return rowsBefore(item + 1) - rowsBefore(item);
  }
}
