package dev.diptych;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadlineTests {

  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(List.of("a", "b"));

  @Test
  void givesTimeWhileThereIsSome() throws Exception {
    Deadline deadline = Deadline.in(Duration.ofMinutes(1));

    assertThat(deadline.nanoseconds()).isPositive();
    assertThat(deadline.take(queue)).isEqualTo("a");
    assertThat(deadline.poll(queue, Duration.ofSeconds(1))).isEqualTo("b");
    assertThat(deadline.poll(queue, Duration.ZERO)).isNull();
  }

  @Test
  void endsWhatNeverPausesToo() {
    Deadline deadline = Deadline.in(Duration.ofNanos(1));

    assertThatExceptionOfType(DeadlineExceeded.class).isThrownBy(deadline::check);
    assertThatExceptionOfType(DeadlineExceeded.class).isThrownBy(() -> deadline.take(queue));
    assertThatExceptionOfType(DeadlineExceeded.class)
        .isThrownBy(() -> deadline.poll(queue, Duration.ofMinutes(1)))
        .withMessageContaining("within PT0.000000001S (diptych.http.request-timeout)");
  }

  @Test
  void endsAWaitForWhatNeverComes() {
    Deadline deadline = Deadline.in(Duration.ofMillis(1));
    queue.clear();

    assertThatExceptionOfType(DeadlineExceeded.class)
        .isThrownBy(() -> deadline.poll(queue, Duration.ofMinutes(1)));
  }

  @Test
  void isNoneUnlessARequestHasOne() throws Exception {
    assertThat(Deadline.current()).isSameAs(Deadline.NONE).isSameAs(Deadline.in(Duration.ZERO));
    Deadline.NONE.check();
    assertThat(Deadline.NONE.take(queue)).isEqualTo("a");
    Deadline inAnHour = Deadline.in(Duration.ofHours(1));
    ScopedValue.where(Deadline.CURRENT, inAnHour)
        .run(() -> assertThat(Deadline.current()).isSameAs(inAnHour));
  }
}
