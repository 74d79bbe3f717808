package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallArgumentsTests {

  /** Tensors made from arrays are views of direct buffers, whose memory the collector frees. */
  @Test
  void tensorsSurviveAGarbageCollectionBeforeTheirCall() {
    try (TorchRuntime runtime = TorchRuntime.on("cpu")) {
      int[] expected = new int[4096];
      Arrays.fill(expected, 7);
      try (CallArguments arguments = new CallArguments(runtime)) {
        arguments.ints(expected, expected.length);
        overwriteFreedMemory();
        try (var tensor = arguments.array()[0].toTensor(runtime.manager())) {
          assertThat(tensor.toIntArray()).isEqualTo(expected);
        }
      }
    }
  }

  private static void overwriteFreedMemory() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      System.gc();
      for (int i = 0; i < 256; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(16384);
        while (buffer.hasRemaining()) {
          buffer.put((byte) 0x55);
        }
        buffers.add(buffer);
      }
    }
    assertThat(buffers).hasSize(1024);
  }
}
