package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.Overloaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlacesTests {

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  @Test
  void refusesALoneInputAtOnceWhenNoPlaceIsFree() {
    Places places = new Places("fake", 4);
    Permits four = places.take(4);

    assertThatThrownBy(() -> places.take(1))
        .isInstanceOf(Overloaded.class)
        .hasMessageContaining("1 inputs asked for a place, 0 of 4 are free");
    four.close();
    four.close();
    places.take(4).close();
  }

  @Test
  void letsABatchWaitForItsPlacesOneByOne() throws Exception {
    Places places = new Places("fake", 4);
    Permits one = places.take(1);
    Permits another = places.take(1);
    Future<Permits> batch = waiting(places, 4);

    one.close();
    assertThatThrownBy(() -> places.take(1)).isInstanceOf(Overloaded.class);
    assertThat(batch.isDone()).isFalse();
    another.close();

    batch.get().close();
    places.take(4).close();
  }

  @Test
  void neverLetsTwoBatchesHoldAPartEach() throws Exception {
    Places places = new Places("fake", 4);
    List<Future<Integer>> clients = new ArrayList<>();
    for (int client = 0; client < 4; client++) {
      Random random = new Random(client);
      clients.add(
          callers.submit(
              () -> {
                int taken = 0;
                for (int i = 0; i < 500; i++) {
                  try (Permits _ = places.take(2 + random.nextInt(5))) {
                    taken++;
                  }
                }
                return taken;
              }));
    }
    for (Future<Integer> client : clients) {
      assertThat(client.get()).isEqualTo(500);
    }
    assertThat(places.inLine()).isZero();
    places.take(4).close();
  }

  @Test
  void givesAllPlacesToABatchThatIsLarger() throws Exception {
    Places places = new Places("fake", 4);
    Permits one = places.take(1);
    Future<Permits> batch = waiting(places, 1000);
    one.close();

    Permits all = batch.get();
    assertThatThrownBy(() -> places.take(1)).isInstanceOf(Overloaded.class);
    all.close();
    places.take(1).close();
  }

  @Test
  void refusesABatchWhenFourTimesAsManyInputsAsPlacesWait() throws Exception {
    Places places = new Places("fake", 2);
    Permits two = places.take(2);
    List<Future<Boolean>> batches = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      batches.add(
          callers.submit(
              () -> {
                try (Permits _ = places.take(2)) {
                  return true;
                }
              }));
      awaitInLine(places, i);
    }

    assertThatThrownBy(() -> places.take(2))
        .isInstanceOf(Overloaded.class)
        .hasMessageContaining("8 inputs wait");
    two.close();
    for (Future<Boolean> batch : batches) {
      assertThat(batch.get()).isTrue();
    }
  }

  @Test
  void anInterruptedBatchLeavesTheLine() throws Exception {
    Places places = new Places("fake", 2);
    Permits one = places.take(1);
    Future<Permits> first = waiting(places, 2);
    first.cancel(true);
    awaitInLine(places, 0);

    places.take(1).close();
    one.close();
    Future<Permits> interrupted =
        callers.submit(
            () -> {
              Thread.currentThread().interrupt();
              return places.take(2);
            });
    assertThatThrownBy(interrupted::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InferenceFailed.class);
    places.take(2).close();
  }

  /** Asks for places, and returns when the asking stands in line. */
  private Future<Permits> waiting(Places places, int inputs) {
    Future<Permits> batch = callers.submit(() -> places.take(inputs));
    awaitInLine(places, 1);
    return batch;
  }

  private static void awaitInLine(Places places, int batches) {
    while (places.inLine() != batches) {
      Thread.onSpinWait();
    }
  }
}
