package dev.diptych;

import dev.diptych.Platform.Architecture;
import dev.diptych.Platform.CLibrary;
import dev.diptych.Platform.OperatingSystem;

/** Platforms that tests pretend to run on. */
public final class Platforms {

  public static final Platform LINUX =
      new Platform(OperatingSystem.LINUX, Architecture.X86_64, CLibrary.GLIBC);
  public static final Platform LINUX_ON_ARM =
      new Platform(OperatingSystem.LINUX, Architecture.AARCH64, CLibrary.GLIBC);
  public static final Platform ALPINE =
      new Platform(OperatingSystem.LINUX, Architecture.X86_64, CLibrary.OTHER);
  public static final Platform MAC =
      new Platform(OperatingSystem.MACOS, Architecture.AARCH64, CLibrary.OTHER);
  public static final Platform WINDOWS =
      new Platform(OperatingSystem.WINDOWS, Architecture.X86_64, CLibrary.OTHER);

  private Platforms() {}
}
