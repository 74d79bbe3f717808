package dev.diptych;

import java.lang.foreign.Linker;
import java.util.Locale;

/**
 * What the process runs on, as far as a choice between ways to do something depends on it.
 *
 * @param cLibrary what the process is linked with
 */
public record Platform(OperatingSystem system, Architecture architecture, CLibrary cLibrary) {

  /** An operating system. */
  public enum OperatingSystem {
    LINUX("linux"),
    MACOS("osx"),
    WINDOWS("win"),
    OTHER("other");

    private final String label;

    OperatingSystem(String label) {
      this.label = label;
    }
  }

  /** A set of instructions. */
  public enum Architecture {
    X86_64("x86_64"),
    AARCH64("aarch64"),
    OTHER("other");

    private final String label;

    Architecture(String label) {
      this.label = label;
    }
  }

  /** A C library. */
  public enum CLibrary {
    GLIBC,
    OTHER
  }

  /** The one that this process runs on. */
  public static Platform current() {
    return of(
        System.getProperty("os.name", ""),
        System.getProperty("os.arch", ""),
        Linker.nativeLinker().defaultLookup().find("gnu_get_libc_version").isPresent());
  }

  /** One by the names that Java has for its parts. */
  static Platform of(String system, String architecture, boolean glibc) {
    String name = system.toLowerCase(Locale.ROOT);
    return new Platform(
        name.equals("linux")
            ? OperatingSystem.LINUX
            : name.startsWith("mac")
                ? OperatingSystem.MACOS
                : name.startsWith("windows") ? OperatingSystem.WINDOWS : OperatingSystem.OTHER,
        switch (architecture) {
          case "amd64", "x86_64" -> Architecture.X86_64;
          case "aarch64" -> Architecture.AARCH64;
          default -> Architecture.OTHER;
        },
        glibc ? CLibrary.GLIBC : CLibrary.OTHER);
  }

  public boolean isLinux() {
    return system == OperatingSystem.LINUX;
  }

  public boolean isWindows() {
    return system == OperatingSystem.WINDOWS;
  }

  /** Whether it has calls such as {@code setenv}. */
  public boolean isUnix() {
    return system != OperatingSystem.WINDOWS && system != OperatingSystem.OTHER;
  }

  public boolean isX86() {
    return architecture == Architecture.X86_64;
  }

  public boolean hasGlibc() {
    return isLinux() && cLibrary == CLibrary.GLIBC;
  }

  /** How DJL calls it, such as {@code linux-x86_64}; pom.xml has the same names. */
  public String label() {
    return system.label + "-" + architecture.label;
  }
}
