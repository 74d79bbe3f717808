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
    return chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum()
        + next.tokensOf(next.count());
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
    int ofChunks = Math.multiplyExact(answers(chunks), vocabulary);
    values.get(logits, Math.multiplyExact(firstChunkAnswer, vocabulary), ofChunks);
    values.get(logits, Math.multiplyExact(firstNextAnswer, vocabulary), values.remaining());
  }

  /**
   * At most so many parts of about as many rows; none if there is only one slot or one of the slots
   * has most of the rows.
   */
  List<StepPart> cut(int most) {
    int[] ends = ends();
    for (int count = Math.min(most, ends.length); count > 1; count--) {
      List<StepPart> parts = cutEvenly(count, ends);
      int largest = parts.stream().mapToInt(StepPart::rows).max().orElseThrow();
      if (largest * count <= MOST_UNEVEN * rows()) {
        return parts;
      }
    }
    return List.of();
  }

  /* For each chunk and then each slot, the rows up to its end. */
  private int[] ends() {
    int[] ends = new int[chunks.size() + next.count()];
    int rows = 0;
    for (int i = 0; i < ends.length; i++) {
      int slot = i - chunks.size();
      rows += slot < 0 ? chunks.get(i).tokens().length : next.lengths()[slot];
      ends[i] = rows;
    }
    return ends;
  }

  /* Each part takes the chunks or slots whose middle is before the end of its share of the rows. */
  private List<StepPart> cutEvenly(int count, int[] ends) {
    List<StepPart> parts = new ArrayList<>();
    int begin = 0;
    for (int part = 1; part <= count; part++) {
      long share = 2L * part * ends[ends.length - 1] / count;
      int end = begin;
      while (end < ends.length && (end == 0 ? 0 : ends[end - 1]) + ends[end] <= share) {
        end++;
      }
      if (end > begin) {
        parts.add(range(begin, end));
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
}
