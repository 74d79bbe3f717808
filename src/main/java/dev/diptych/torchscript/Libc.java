package dev.diptych.torchscript;

import dev.diptych.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of a platform's C library; where it has none of the kind nothing is done. */
@SuppressWarnings("restricted")
final class Libc {

  private static final FunctionDescriptor MALLOPT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor MALLOC_TRIM =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
  private static final FunctionDescriptor SETENV =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

  private final @Nullable MethodHandle mallopt;
  private final @Nullable MethodHandle mallocTrim;
  private final @Nullable MethodHandle setenv;

  private Libc(
      @Nullable MethodHandle mallopt,
      @Nullable MethodHandle mallocTrim,
      @Nullable MethodHandle setenv) {
    this.mallopt = mallopt;
    this.mallocTrim = mallocTrim;
    this.setenv = setenv;
  }

  /** What a platform has. */
  static Libc of(Platform platform) {
    return new Libc(
        platform.hasGlibc() ? function("mallopt", MALLOPT) : null,
        platform.hasGlibc() ? function("malloc_trim", MALLOC_TRIM) : null,
        platform.isUnix() ? function("setenv", SETENV) : null);
  }

  /** Whether it has what tunes glibc's {@code malloc}. */
  boolean hasMalloc() {
    return mallopt != null && mallocTrim != null;
  }

  boolean hasEnvironment() {
    return setenv != null;
  }

  /** Sets a parameter of glibc's {@code malloc}. */
  void mallopt(int parameter, int value) {
    call(mallopt, List.of(parameter, value));
  }

  /** Gives freed memory back to the system. */
  void mallocTrim() {
    call(mallocTrim, List.of(0L));
  }

  /** Sets a variable of the environment that native libraries read, unless it is set. */
  void setDefault(String variable, String value) {
    try (Arena arena = Arena.ofConfined()) {
      call(setenv, List.of(arena.allocateFrom(variable), arena.allocateFrom(value), 0));
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
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, descriptor))
        .orElse(null);
  }
}
