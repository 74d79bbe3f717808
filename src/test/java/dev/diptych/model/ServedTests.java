package dev.diptych.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.Deadline;
import dev.diptych.DeadlineExceeded;
import dev.diptych.InferenceFailed;
import dev.diptych.ModelUnavailable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServedTests {

  private final Served<String> served = new Served<>(Role.EMBED, "words");

  @Test
  void anEngineIsInUseUntilItsRequestIsAnswered() throws Exception {
    served.become(new Served.Ready<>("engine"));
    try (ModelUse request = new ModelUse()) {
      ScopedValue.where(ModelUse.CURRENT, request)
          .run(
              () -> {
                assertThat(served.engine()).isEqualTo("engine");
                assertThat(served.engine()).isEqualTo("engine");
              });
      assertThat(served.users().areGoneFor(Duration.ZERO)).isFalse();
      assertThat(served.users().awaitNobody(Duration.ofMillis(1))).isFalse();
    }
    assertThat(served.users().awaitNobody(Duration.ZERO)).isTrue();
    assertThat(served.users().areGoneFor(Duration.ZERO)).isTrue();
    assertThat(served.users().areGoneFor(Duration.ofHours(1))).isFalse();
  }

  @Test
  void whoWaitsForItsUsersHearsWhenTheLastHasLeft() throws Exception {
    served.become(new Served.Ready<>("engine"));
    ModelUse request = new ModelUse();
    ScopedValue.where(ModelUse.CURRENT, request).run(served::engine);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> gone =
          threads.submit(() -> served.users().awaitNobody(Duration.ofSeconds(20)));
      request.close();
      assertThat(gone.get()).isTrue();
    }
  }

  @Test
  void whatIsRefusedIsNotInUse() {
    try (ModelUse request = new ModelUse()) {
      ScopedValue.where(ModelUse.CURRENT, request)
          .run(
              () -> {
                served.become(new Served.Unloaded<>(null));
                assertThatExceptionOfType(ModelUnavailable.class)
                    .isThrownBy(served::engine)
                    .withMessage("words is unloaded; a POST to /models/load brings it back");
              });
      assertThat(served.users().areGoneFor(Duration.ZERO)).isTrue();
    }
  }

  @Test
  void aRequestForAModelThatWaitsToBeAskedForBringsItBackAndWaits() throws Exception {
    Arrival arrival = new Arrival();
    AtomicInteger asked = new AtomicInteger();
    served.become(
        new Served.Unloaded<>(
            () -> {
              asked.incrementAndGet();
              served.become(new Served.Returning<>("loading", arrival));
              return arrival;
            }));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first = threads.submit(served::engine);
      while (asked.get() == 0) {
        Thread.onSpinWait();
      }
      Future<String> second = threads.submit(served::engine);
      assertThat(first.isDone()).isFalse();
      assertThat(served.users().awaitNobody(Duration.ofSeconds(20)))
          .as("who waits holds nothing up")
          .isTrue();

      served.become(new Served.Ready<>("engine"));
      arrival.succeeded();

      assertThat(first.get()).isEqualTo("engine");
      assertThat(second.get()).isEqualTo("engine");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void whoWaitsForAModelThatDoesNotComeIsToldWhy() {
    Arrival arrival = new Arrival();
    served.become(new Served.Returning<>("loading", arrival));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> waiting = threads.submit(served::engine);
      arrival.failed(new Arrival.WithoutMemory("it takes 3 MB, but only 2 MB are left"));
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(waiting::get)
          .withCauseInstanceOf(ModelUnavailable.class)
          .withMessageContaining("words could not be loaded again: it takes 3 MB");
    }
  }

  @Test
  void aRequestWaitsNoLongerThanItMay() {
    served.become(new Served.Returning<>("loading", new Arrival()));

    ScopedValue.where(Deadline.CURRENT, Deadline.in(Duration.ofMillis(1)))
        .run(() -> assertThatExceptionOfType(DeadlineExceeded.class).isThrownBy(served::engine));
  }

  @Test
  void aClientThatLeavesWaitsNoMore() throws InterruptedException {
    served.become(new Served.Returning<>("loading", new Arrival()));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread request =
        Thread.startVirtualThread(
            () -> {
              try {
                served.engine();
              } catch (InferenceFailed e) {
                thrown.set(e);
              }
            });

    request.interrupt();
    request.join();

    assertThat(thrown.get()).hasMessageContaining("interrupted while it waited for words");
  }

  @Test
  void anArrivalEndsOnce() {
    Arrival arrival = new Arrival();
    arrival.succeeded();
    arrival.failed(new Arrival.Other("late"));

    assertThat(arrival.isOver()).isTrue();
    assertThat(arrival.failure()).isNull();
    assertThat(arrival.wasUnderWay()).isFalse();
  }
}
