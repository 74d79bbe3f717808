package dev.diptych.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when more comes than is possible. */
final class BoundedStream extends FilterInputStream {

  private final long most;
  private final String what;
  private long read;

  BoundedStream(InputStream in, long most, String what) {
    super(in);
    this.most = most;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    count(Math.max(count, 0));
    return count;
  }

  private void count(int more) throws IOException {
    read += more;
    if (read > most) {
      throw HubFailure.last("%s is longer than %d bytes".formatted(what, most));
    }
  }
}
