package dev.diptych.startup;

import dev.diptych.Platform;
import dev.diptych.torchscript.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Gives memory back to the system that a time of much work has left behind. Linux only. */
@Component
final class MemoryReturn implements SmartLifecycle {

  /*
   * The serial collector never shrinks the heap by itself while nothing fills it, and the C library
   * keeps what was freed. A full collection holds everything up for a tenth of a second, so it is
   * worth it only when there is something to give back.
   */

  private static final Logger log = LoggerFactory.getLogger(MemoryReturn.class);
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Platform platform;
  private volatile boolean running;

  MemoryReturn(Platform platform) {
    this.platform = platform;
  }

  @Override
  public void start() {
    running = true;
    if (canWatch()) {
      Thread.ofPlatform().name("memory-return").daemon().start(this::watch);
    }
  }

  /** Whether the system says how large the process is, in the words of Linux. */
  boolean canWatch() {
    return platform.isLinux() && resident().isPresent();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void watch() {
    ResidentMemory memory = new ResidentMemory();
    while (running) {
      LockSupport.parkNanos(ResidentMemory.LOOK.toNanos());
      try {
        look(memory);
      } catch (RuntimeException | OutOfMemoryError e) { // memory may be short for a while
        LockSupport.parkNanos(ResidentMemory.LOOK.toNanos());
      }
    }
  }

  private static void look(ResidentMemory memory) {
    long before = resident().orElse(0);
    if (memory.isWorthReturning(before)) {
      System.gc();
      TorchRuntime.trimMemory();
      long after = resident().orElse(before);
      memory.returned(after);
      log.debug("Gave {} of {} MiB back", (before - after) >> 20, before >> 20);
    }
  }

  /** Bytes of the process that lie in memory. */
  private static OptionalLong resident() {
    try {
      Matcher line = RESIDENT.matcher(Files.readString(STATUS));
      return line.find()
          ? OptionalLong.of(Long.parseLong(line.group(1)) << 10)
          : OptionalLong.empty();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
