package dev.diptych.torchscript;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of Linux's C library; where one is missing nothing is done. */
@SuppressWarnings("restricted")
final class Libc {

  private static final @Nullable MethodHandle MALLOPT =
      function(
          "mallopt",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final @Nullable MethodHandle MALLOC_TRIM =
      function("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
  private static final @Nullable MethodHandle SETENV =
      function(
          "setenv",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));

  private Libc() {}

  /** Sets a parameter of {@code malloc}. */
  static void mallopt(int parameter, int value) {
    call(MALLOPT, List.of(parameter, value));
  }

  /** Gives freed memory back to the system. */
  static void mallocTrim() {
    call(MALLOC_TRIM, List.of(0L));
  }

  /** Sets a variable of the environment that native libraries read, unless it is set. */
  static void setDefault(String variable, String value) {
    try (Arena arena = Arena.ofConfined()) {
      call(SETENV, List.of(arena.allocateFrom(variable), arena.allocateFrom(value), 0));
    }
  }

  private static void call(@Nullable MethodHandle function, List<?> arguments) {
    if (function != null) {
      try {
        function.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static @Nullable MethodHandle function(String name, FunctionDescriptor descriptor) {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, descriptor))
        .orElse(null);
  }
}
