package dev.diptych.encoding;

import dev.diptych.DiptychException;
import java.util.function.IntSupplier;

/** Who is told what an encoder does. What it is told it takes at once, on whatever thread. */
public interface EncodingWatch {

  /** Nobody. */
  EncodingWatch NONE =
      new EncodingWatch() {
        @Override
        public void begins(IntSupplier waiting) {}

        @Override
        public void asked(EncoderTask task, int inputs) {}

        @Override
        public void encoded(EncoderTask task, int[] tokens, EncodingMetrics metrics) {}

        @Override
        public void failed(EncoderTask task, DiptychException reason) {}

        @Override
        public void computed(EncoderTask task, int inputs, int tokens, long nanoseconds) {}
      };

  /**
   * An engine begins.
   *
   * @param waiting how many inputs wait for it, whenever it is asked
   */
  void begins(IntSupplier waiting);

  /** A request has come; on its caller's thread, as what becomes of it. */
  void asked(EncoderTask task, int inputs);

  /**
   * All inputs of a request are computed.
   *
   * @param tokens of each input
   */
  void encoded(EncoderTask task, int[] tokens, EncodingMetrics metrics);

  /** A request was refused, or failed. */
  void failed(EncoderTask task, DiptychException reason);

  /** A batch was computed; on the engine's thread. */
  void computed(EncoderTask task, int inputs, int tokens, long nanoseconds);
}
