package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Machine code that can be called; of functions that return nothing. */
@SuppressWarnings("restricted")
final class MachineCode {

  /*
   * The code is written to a mapping of its own, which then becomes executable and is never writable
   * again. A call is critical: it must be short, as it keeps the garbage collector waiting.
   */

  private static final int PROT_READ_WRITE = 3;
  private static final int PROT_READ_EXECUTE = 5;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22; // Linux
  private static final long MAP_FAILED = -1;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.ofVoid(LONG, LONG, LONG, LONG, LONG, LONG, LONG),
          Linker.Option.critical(false));
  private static final MethodHandle MMAP =
      function("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MPROTECT =
      function("mprotect", FunctionDescriptor.of(INT, LONG, LONG, INT));
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(INT, LONG, LONG));

  private final MemorySegment entry;

  private MachineCode(MemorySegment entry) {
    this.entry = entry;
  }

  /**
   * Makes code executable until the arena is closed.
   *
   * @throws IllegalStateException if the system does not allow it
   */
  static MachineCode of(Assembler assembler, Arena arena) {
    byte[] code = assembler.code();
    try {
      long address =
          (long)
              MMAP.invokeExact(
                  0L, (long) code.length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (address == MAP_FAILED) {
        throw new IllegalStateException(
            "the system refuses to map %d bytes".formatted(code.length));
      }
      MemorySegment mapping =
          MemorySegment.ofAddress(address)
              .reinterpret(code.length, arena, segment -> unmap(segment.address(), code.length));
      MemorySegment.copy(code, 0, mapping, ValueLayout.JAVA_BYTE, 0, code.length);
      if ((int) MPROTECT.invokeExact(address, (long) code.length, PROT_READ_EXECUTE) != 0) {
        throw new IllegalStateException("the system does not allow code to be made at run time");
      }
      return new MachineCode(mapping);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Calls the code with numbers or addresses, which it must be able to trust. */
  void call(long a, long b, long c, long d, long e, long f, long g) {
    try {
      CALL.invokeExact(entry, a, b, c, d, e, f, g);
    } catch (Throwable problem) {
      throw unexpected(problem);
    }
  }

  private static void unmap(long address, long bytes) {
    try {
      int ignored = (int) MUNMAP.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
