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
    assertThat(places.waiting()).isZero();
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
    List<Future<Permits>> batches = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      batches.add(waiting(places, 2, 2 * i));
    }

    assertThatThrownBy(() -> places.take(2))
        .isInstanceOf(Overloaded.class)
        .hasMessageContaining("8 inputs wait");
    two.close();
    for (Future<Permits> batch : batches) {
      batch.get().close();
    }
  }

  @Test
  void anInterruptedBatchLeavesTheLine() throws Exception {
    Places places = new Places("fake", 2);
    Permits one = places.take(1);
    Future<Permits> first = waiting(places, 2);
    first.cancel(true);
    while (places.waiting() > 0) {
      Thread.onSpinWait();
    }

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

  private Future<Permits> waiting(Places places, int inputs) {
    return waiting(places, inputs, 1);
  }

  /** Asks for places, and returns when that many inputs wait. */
  private Future<Permits> waiting(Places places, int inputs, int inLine) {
    Future<Permits> batch = callers.submit(() -> places.take(inputs));
    while (places.waiting() < inLine) {
      Thread.onSpinWait();
    }
    return batch;
  }
}
