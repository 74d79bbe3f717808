package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Machine code that can be called, on Linux; of functions that return nothing. */
@SuppressWarnings("restricted")
public final class MachineCode {

  /*
   * The code is written to a mapping of its own, which then becomes executable and is never writable
   * again. A call is critical: it must be short, as it keeps the garbage collector waiting.
   */

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(LONG, LONG, LONG, LONG, LONG, LONG, LONG),
              Linker.Option.critical(false));

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
    MemorySegment mapping = SystemMemory.map(code.length);
    MemorySegment.copy(code, 0, mapping, ValueLayout.JAVA_BYTE, 0, code.length);
    try {
      SystemMemory.makeExecutable(mapping);
    } catch (IllegalStateException e) {
      SystemMemory.unmap(mapping);
      throw e;
    }
    return new MachineCode(mapping.reinterpret(arena, SystemMemory::unmap));
  }

  /** Whether the system, which must be Linux, allows code to be made. */
  public static boolean isAllowed() {
    Assembler nothing = new Assembler();
    nothing.ret();
    try (Arena arena = Arena.ofConfined()) {
      return of(nothing, arena).entry.byteSize() > 0;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Calls the code with numbers or addresses, which it must be able to trust. */
  void call(long a, long b, long c, long d, long e, long f, long g) {
    try {
      CALL.invokeExact(entry, a, b, c, d, e, f, g);
    } catch (Throwable problem) {
      throw SystemMemory.unexpected(problem);
    }
  }
}
