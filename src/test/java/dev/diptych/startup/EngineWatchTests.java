package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.InferenceFailed;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Progress;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.WatchedEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineWatchTests {

  private static final int LOOKS_OF_A_STEP = 4;

  private final Progress inference = new Progress();
  private final List<ServedEngine> loadedAgain = new ArrayList<>();
  private final EngineWatch watch =
      new EngineWatch(Duration.ofSeconds(1), inference, loadedAgain::add);

  @Test
  void aFailedEngineIsSaidToBeAndLoadedAgainOnceItsThreadHasEnded() {
    Model model = new Model("one");
    watch.look();
    assertThat(model.state()).isInstanceOf(Served.Ready.class);

    model.failure = new OutOfMemoryError("injected");
    watch.look();
    assertThat(model.state())
        .isEqualTo(new Served.Failed<>("its thread has ended by OutOfMemoryError"));
    assertThat(loadedAgain).isEmpty();
    assertThat(model.closings).isZero();

    model.hasEnded = true;
    watch.look();
    watch.look();
    assertThat(loadedAgain).containsExactly(model.served);
    assertThat(model.closings).isEqualTo(1);
  }

  @Test
  void aModelThatFailsAgainAndAgainIsLost() {
    Model last = new Model("one");
    for (int i = 0; i < Reloads.MOST; i++) {
      last.end();
      watch.look();
      assertThat(loadedAgain).hasSize(i + 1);
      last = new Model("one");
    }
    last.end();
    watch.look();

    assertThat(loadedAgain).hasSize(Reloads.MOST);
    assertThat(last.state())
        .isEqualTo(new Served.Lost<>("it failed more than 3 times within an hour"));
    assertThat(last.closings).isEqualTo(1);
    Model other = new Model("other");
    other.end();
    watch.look();
    assertThat(loadedAgain).hasSize(Reloads.MOST + 1);
  }

  @Test
  void reloadsOfMoreThanAnHourAgoDoNotCount() {
    Reloads reloads = new Reloads();
    long minute = Duration.ofMinutes(1).toNanos();

    assertThat(reloads.allow(0)).isTrue();
    assertThat(reloads.allow(minute)).isTrue();
    assertThat(reloads.allow(2 * minute)).isTrue();
    assertThat(reloads.allow(59 * minute)).isFalse();
    assertThat(reloads.allow(60 * minute)).isTrue();
    assertThat(reloads.allow(60 * minute)).isFalse();
  }

  @Test
  void anEngineThatStandsStillIsGivenUpAndComesBackIfItsStepEnds() {
    Model model = new Model("one");
    model.progress.begin();
    look(LOOKS_OF_A_STEP);
    assertThat(model.abandoned).isNull();
    look(1);

    String why = "a step has not ended for 1s (diptych.inference.step-timeout)";
    assertThat(model.state()).isEqualTo(new Served.Lost<>(why));
    assertThat(model.abandoned).isNotNull().hasMessage(why);
    look(10);
    assertThat(loadedAgain).isEmpty();
    model.hasEnded = true;
    look(1);
    assertThat(loadedAgain).containsExactly(model.served);
  }

  @Test
  void anEngineThatGetsOnOrHasNothingToDoDoesNotStandStill() {
    Model busy = new Model("busy");
    Model idle = new Model("idle");
    busy.progress.begin();
    for (int i = 0; i < 10; i++) {
      look(LOOKS_OF_A_STEP);
      busy.progress.goOn();
    }
    busy.progress.end();
    look(10 * LOOKS_OF_A_STEP);

    assertThat(busy.state()).isInstanceOf(Served.Ready.class);
    assertThat(idle.state()).isInstanceOf(Served.Ready.class);
  }

  @Test
  void aPassThatDoesNotEndCostsAllModels() {
    Model waiting = new Model("waiting");
    Model idle = new Model("idle");
    inference.begin();
    look(LOOKS_OF_A_STEP + 1);

    assertThat(waiting.abandoned).isNotNull();
    assertThat(idle.abandoned).isNotNull();
    assertThat(idle.state()).isInstanceOf(Served.Lost.class);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      watch.look();
    }
  }

  /** An engine that does as it is told. */
  private final class Model implements WatchedEngine, AutoCloseable {

    final Served<Model> role;
    final ServedEngine served;
    final Progress progress = new Progress();
    @Nullable Throwable failure;
    @Nullable InferenceFailed abandoned;
    boolean hasEnded;
    int closings;

    Model(String name) {
      role = new Served<>(Role.EMBED, name);
      role.become(new Served.Ready<>(this));
      served = new ServedEngine(NamedModel.of(name, Role.EMBED), List.of(role), this, this);
      watch.add(served);
    }

    Served.State<Model> state() {
      return role.state();
    }

    void end() {
      failure = new OutOfMemoryError("injected");
      hasEnded = true;
    }

    @Override
    public @Nullable Throwable failure() {
      return failure;
    }

    @Override
    public Progress progress() {
      return progress;
    }

    @Override
    public void abandon(InferenceFailed reason) {
      abandoned = reason;
      failure = reason;
    }

    @Override
    public boolean hasEnded() {
      return hasEnded;
    }

    @Override
    public void close() {
      closings++;
    }
  }
}
