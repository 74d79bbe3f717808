package dev.diptych.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The variable-length integers of protobuf and LevelDB: seven bits per byte, lowest first. */
final class Varint {

  private Varint() {}

  static long read(Path file, ByteBuffer bytes) throws InvalidCheckpoint {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new InvalidCheckpoint(file + ": the data ends in the middle of a number");
      }
      byte next = bytes.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new InvalidCheckpoint(file + ": a number of more than 64 bits");
  }
}
