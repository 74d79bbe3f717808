package dev.diptych.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/**
 * Streams float32 tensors, row by row and on all cores, into a safetensors file; holds one piece of
 * a few megabytes and never a whole model.
 */
final class Float32Rows implements Closeable {

  /** Longest row, which is what bounds the memory. */
  static final int MAX_ROW_ELEMENTS = 1 << 24;

  private static final int PIECE_ELEMENTS = 1 << 20;

  /** Where rows come from; called by several threads for different rows. */
  @FunctionalInterface
  interface RowSource {
    /** Writes the elements of the row to {@code target}, beginning at {@code at}. */
    void fill(long row, float[] target, int at);
  }

  private final SafetensorsWriter writer;
  private final ByteProgress progress;
  private float[] piece = new float[PIECE_ELEMENTS];
  private ByteBuffer bytes = buffer(PIECE_ELEMENTS);
  private long done;

  Float32Rows(SafetensorsWriter writer, ByteProgress progress) {
    this.writer = writer;
    this.progress = progress;
    progress.report(0, writer.totalBytes());
  }

  private static ByteBuffer buffer(int elements) {
    return ByteBuffer.allocateDirect(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the next declared tensor; {@code rowLength} is at most {@link #MAX_ROW_ELEMENTS}. */
  void write(String name, long rows, int rowLength, RowSource source) throws IOException {
    if (rowLength > piece.length) {
      piece = new float[rowLength];
      bytes = buffer(rowLength);
    }
    int rowsPerPiece = piece.length / rowLength;
    float[] target = piece;
    for (long first = 0; first < rows; first += rowsPerPiece) {
      long begin = first;
      int count = (int) Math.min(rowsPerPiece, rows - first);
      IntStream.range(0, count)
          .parallel()
          .forEach(row -> source.fill(begin + row, target, row * rowLength));
      bytes.clear().limit(count * rowLength * Float.BYTES);
      bytes.asFloatBuffer().put(target, 0, count * rowLength);
      done += bytes.remaining();
      writer.append(name, bytes);
      progress.report(done, writer.totalBytes());
    }
  }

  /** Forces the complete file to the disk. */
  void finish() throws IOException {
    writer.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
