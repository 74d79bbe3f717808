package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZeroedMemoryTests {

  @Test
  void blocksAreZeroAndApart() {
    try (ZeroedMemory memory = ZeroedMemory.reserve(List.of(64L, 4096L, 3L))) {
      ByteBuffer middle = memory.blocks().get(1);
      assertThat(middle.capacity()).isEqualTo(4096);
      for (int i = 0; i < middle.capacity(); i++) {
        assertThat(middle.get(i)).isZero();
        middle.put(i, (byte) 1);
      }
      assertThat(memory.blocks().getFirst().get(63)).isZero();
      assertThat(memory.blocks().getLast().get(0)).isZero();
      assertThat(memory.addresses().getLast() - memory.addresses().getFirst()).isEqualTo(64 + 4096);
      assertThat(memory.addresses().getFirst() % 64).isZero();
    }
  }

  @Test
  void moreThanTheMachineHasCanBeReserved() {
    try (ZeroedMemory memory = ZeroedMemory.reserve(Collections.nCopies(64, 1L << 30))) {
      ByteBuffer last = memory.blocks().getLast();
      last.put(last.capacity() - 1, (byte) 7);
      assertThat(last.get(last.capacity() - 1)).isEqualTo((byte) 7);
    }
  }

  @Test
  void aDiscardedPartIsZeroInItsPagesAndNothingElseIs() {
    long bytes = 1 << 20;
    try (ZeroedMemory memory = ZeroedMemory.reserve(List.of(bytes))) {
      ByteBuffer block = memory.blocks().getFirst();
      for (int i = 0; i < bytes; i++) {
        block.put(i, (byte) 1);
      }
      int from = 70_000;
      int to = 700_001;

      memory.discard(memory.addresses().getFirst() + from, to - from);

      int largestPage = 1 << 16;
      for (int i = 0; i < bytes; i++) {
        if (i < from || i >= to) {
          assertThat(block.get(i)).as("byte %d", i).isEqualTo((byte) 1);
        } else if (i >= from + largestPage && i < to - largestPage) {
          assertThat(block.get(i)).as("byte %d", i).isZero();
        }
      }
      memory.discard(memory.addresses().getFirst() + 5, 10); // no page in it
      assertThat(block.get(5)).isEqualTo((byte) 1);
    }
  }

  @Test
  void weightsBeginWithAPageOf2Megabytes() {
    try (ZeroedMemory memory = ZeroedMemory.reserveForWeights(List.of(100L, 5_000_000L))) {
      assertThat(memory.addresses().getFirst() % (1 << 21)).isZero();
      ByteBuffer last = memory.blocks().getLast();
      last.put(4_999_999, (byte) 7);
      assertThat(last.get(4_999_999)).isEqualTo((byte) 7);
      assertThat(last.get(0)).isZero();
    }
  }

  @Test
  void blocksThatNoBufferCanHoldAreNotSupported() {
    assertThat(ZeroedMemory.supports(Integer.MAX_VALUE + 1L)).isFalse();
    assertThat(ZeroedMemory.supports(0)).isFalse();
  }
}
