package dev.diptych;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FatalErrorsTests {

  private final AtomicInteger ends = new AtomicInteger();
  private final FatalErrors errors = new FatalErrors(ends::incrementAndGet);

  @Test
  void anErrorThatEndsAPlatformThreadEndsTheProcess() throws Exception {
    Thread thread =
        Thread.ofPlatform()
            .uncaughtExceptionHandler(errors)
            .start(
                () -> {
                  throw new OutOfMemoryError("injected");
                });
    thread.join();

    assertThat(ends).hasValue(1);
  }

  @Test
  void anErrorWithoutMemoryToTellItEndsTheProcessToo() {
    Error unspeakable =
        new Error() {
          @Override
          public String getMessage() {
            throw new OutOfMemoryError("injected");
          }
        };
    Thread thread = Thread.ofPlatform().unstarted(() -> {});
    try {
      errors.uncaughtException(thread, unspeakable);
    } catch (OutOfMemoryError _) {
      assertThat(ends).hasValue(1);
    }

    assertThat(ends).hasValue(1);
  }

  @Test
  void aRequestOrAnExceptionDoesNot() throws Exception {
    Thread.ofVirtual()
        .uncaughtExceptionHandler(errors)
        .start(
            () -> {
              throw new OutOfMemoryError("injected");
            })
        .join();
    Thread.ofPlatform()
        .uncaughtExceptionHandler(errors)
        .start(
            () -> {
              throw new IllegalStateException("injected");
            })
        .join();

    assertThat(ends).hasValue(0);
  }
}
