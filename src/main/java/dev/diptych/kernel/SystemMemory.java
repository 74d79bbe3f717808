package dev.diptych.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Memory straight from Linux, by its system calls. */
@SuppressWarnings("restricted")
final class SystemMemory {

  /* The values that Linux gives these constants. */
  private static final int PROT_READ_WRITE = 3;
  private static final int PROT_READ_EXECUTE = 5;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;
  private static final int NO_FILE = -1;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MMAP =
      function("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
  private static final MethodHandle MPROTECT =
      function("mprotect", FunctionDescriptor.of(INT, LONG, LONG, INT));
  private static final MethodHandle MADVISE =
      function("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
  private static final MethodHandle GETPAGESIZE =
      function("getpagesize", FunctionDescriptor.of(INT));
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(INT, LONG, LONG));

  private SystemMemory() {}

  /**
   * Zeros, which take memory only where they are written.
   *
   * @throws IllegalStateException if the system refuses
   */
  static MemorySegment map(long bytes) {
    long address;
    try {
      address =
          (long)
              MMAP.invokeExact(
                  0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, NO_FILE, 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (address == MAP_FAILED) {
      throw new IllegalStateException("the system refuses to map %d bytes".formatted(bytes));
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * Asks for pages of 2 MB, which need fewer look-ups; the system may have none, and then all goes
   * on as before.
   */
  static void wantHugePages(MemorySegment mapped) {
    try {
      int ignored = (int) MADVISE.invokeExact(mapped.address(), mapped.byteSize(), MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Gives back the memory of the pages that lie entirely in a part of mapped memory; they are zero
   * from then on.
   */
  static void discard(MemorySegment part) {
    try {
      long page = (int) GETPAGESIZE.invokeExact();
      long first = Math.ceilDiv(part.address(), page) * page;
      long end = (part.address() + part.byteSize()) / page * page;
      if (first < end) {
        int ignored = (int) MADVISE.invokeExact(first, end - first, MADV_DONTNEED);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Makes mapped memory executable and no longer writable.
   *
   * @throws IllegalStateException if the system refuses
   */
  static void makeExecutable(MemorySegment mapped) {
    try {
      int result =
          (int) MPROTECT.invokeExact(mapped.address(), mapped.byteSize(), PROT_READ_EXECUTE);
      if (result != 0) {
        throw new IllegalStateException("the system does not allow code to be made at run time");
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void unmap(MemorySegment mapped) {
    try {
      int ignored = (int) MUNMAP.invokeExact(mapped.address(), mapped.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What a native call threw, to be thrown on. */
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
