package dev.diptych.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some bytes of an open file as a stream; the file stays open. */
final class FilePart extends InputStream {

  private final FileChannel channel;
  private final long end;
  private long position;

  FilePart(FileChannel channel, long begin, long end) {
    this.channel = channel;
    this.position = begin;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, end - position);
    if (wanted == 0) {
      return -1;
    }
    int read = channel.read(ByteBuffer.wrap(target, offset, wanted), position);
    position += Math.max(read, 0);
    return read;
  }
}
