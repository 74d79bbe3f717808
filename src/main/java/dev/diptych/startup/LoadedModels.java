package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Arrival;
import dev.diptych.model.ModelLifeCycle;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.UntilMemoryAllows;
import dev.diptych.tokenization.Tokenizers;
import dev.diptych.torchscript.TorchRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Loads models and unloads them, each on a thread of its own: all of them when the service starts,
 * one that has failed, and whichever somebody wants while the service runs.
 */
@Component
final class LoadedModels implements ModelLifeCycle {

  /*
   * A model's lock is held by the one thread that loads it or unloads it. Whoever unloads it says so
   * in the states first, so that no request gets the engine any more, waits until those that have it
   * are answered, and frees it then.
   */

  private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);
  private static final int MOST_OF_REQUESTS = 64;
  private static final Duration UNTIL_THE_END_IS_TOLD = Duration.ofSeconds(2);

  private final ModelStartup startup;
  private final ModelDirectory directory;
  private final List<ServedModels<?>> roles;
  private final Tokenizers tokenizers;
  private final MemoryPlan memory;
  private final EngineWatch watch;
  private final Duration drain;
  private final Duration idleTimeout;
  private final IdleModels idle;
  private final List<ServedModel> models =
      new CopyOnWriteArrayList<>(); // changed under its monitor
  private volatile boolean isAbandoned;

  LoadedModels(
      DiptychSettings settings,
      Torch torch,
      ModelStartup startup,
      ModelDirectory directory,
      List<ServedModels<?>> roles,
      Tokenizers tokenizers,
      MemoryPlan memory) {
    this.startup = startup;
    this.directory = directory;
    this.roles = roles;
    this.tokenizers = tokenizers;
    this.memory = memory;
    this.drain = settings.generation().drain();
    this.idleTimeout = settings.models().idleTimeout();
    this.idle = new IdleModels(idleTimeout, this::unloadIdle);
    this.watch =
        new EngineWatch(settings.inference().stepTimeout(), torch.progress(), this::loadAgain);
    directory.models().forEach(model -> models.add(served(model, false)));
  }

  private ServedModel served(NamedModel model, boolean isOfARequest) {
    List<Served<?>> served = new ArrayList<>();
    for (ServedModels<?> ofARole : roles) {
      for (Served<?> one : ofARole.allPossible()) {
        if (one.named().equals(model)) {
          served.add(one);
        }
      }
    }
    return new ServedModel(model, isOfARequest, served);
  }

  /** Begins to load every model of the settings; the service answers meanwhile. */
  void begin() {
    watch.start();
    if (idleTimeout.isPositive()) {
      idle.start();
    }
    models.forEach(model -> bring(model, null));
  }

  /** Stops waiting for models that are still coming, and loading those that fail. */
  void abandon() {
    isAbandoned = true;
    watch.stop();
    idle.stop();
    models.forEach(ServedModel::stopLoading);
  }

  @Override
  public Arriving load(Wanted wanted) {
    synchronized (models) {
      ServedModel known = find(wanted.name() == null ? wanted.model() : wanted.name());
      if (known == null && wanted.name() == null) {
        known = ofSource(wanted.model());
      }
      if (known != null && known.isOfARequest() && !known.isReady() && isOver(known)) {
        forget(known);
        known = null;
      }
      ServedModel model = known == null ? brought(wanted) : known;
      if (known != null) {
        requireSame(known.named(), wanted);
      }
      if (model.isLost()) {
        throw new Conflict(
            "`%s` has failed in a way that only a restart of the service ends"
                .formatted(model.named().shownName()));
      }
      return new Arriving(model.named().shownName(), bring(model, null));
    }
  }

  private static boolean isOver(ServedModel model) {
    return model.roles().stream().allMatch(role -> role.state() instanceof Served.Failed<?>);
  }

  private ServedModel brought(Wanted wanted) {
    long ofRequests = models.stream().filter(ServedModel::isOfARequest).count();
    if (ofRequests >= MOST_OF_REQUESTS) {
      throw new Conflict(
          "there are %d models that requests have brought, and no more than that can be"
              .formatted(ofRequests));
    }
    NamedModel named = directory.named(wanted);
    roles.forEach(models -> models.add(named));
    ServedModel model = served(named, true);
    models.add(model);
    return model;
  }

  private static void requireSame(NamedModel known, Wanted wanted) {
    boolean isOther =
        (wanted.name() != null
                && !wanted.model().equals(known.source())
                && !known.isNamed(wanted.model()))
            || (wanted.precision() != null && !wanted.precision().equals(known.precision()))
            || (wanted.backend() != null && !wanted.backend().equals(known.backend()))
            || (!wanted.tasks().isEmpty()
                && !(known.byHead() || known.tasks().containsAll(wanted.tasks())));
    if (isOther) {
      throw new Conflict(
          "`%s` is another model (of other files, tasks, precision or backend); give this one a `name`"
              .formatted(known.shownName()));
    }
  }

  @Override
  public String unload(String name) throws InterruptedException {
    ServedModel model = find(name);
    model = model == null ? ofSource(name) : model;
    if (model == null) {
      throw new InvalidInput(
          InvalidInput.Kind.UNKNOWN_MODEL, "there is no model `%s`".formatted(name));
    }
    if (model.isLost()) {
      throw new Conflict(
          "`%s` has failed in a way that only a restart of the service ends"
              .formatted(model.named().shownName()));
    }
    unload(model, null).await();
    return model.named().shownName();
  }

  @Override
  public OptionalLong memory(String name) {
    ServedModel model = find(name);
    return model == null
        ? OptionalLong.empty()
        : memory.promised(model.name(), EncoderStartup.planned(model.name()));
  }

  private @Nullable ServedModel find(String name) {
    return models.stream().filter(model -> model.named().isNamed(name)).findFirst().orElse(null);
  }

  private @Nullable ServedModel ofSource(String source) {
    return models.stream()
        .filter(model -> model.named().source().equals(source))
        .findFirst()
        .orElse(null);
  }

  private void forget(ServedModel model) {
    synchronized (models) {
      models.remove(model);
      roles.forEach(ofARole -> ofARole.remove(model.named()));
    }
  }

  /* Loads a model, unless that is under way. With whenAsked requests wait for it. */
  private Arrival bring(ServedModel model, @Nullable Supplier<Arrival> whenAsked) {
    Arrival arrival = new Arrival();
    Announcement coming =
        new Announcement(arrival, whenAsked, () -> forgetUnlessUnderWay(model, arrival));
    Thread loader =
        Thread.ofPlatform()
            .daemon()
            .name("startup-" + model.name())
            .unstarted(() -> load(model, coming));
    Arrival known = model.want(coming.arrival(), loader);
    if (known != null) {
      return known;
    }
    if (model.missing().isEmpty()) {
      coming.arrival().succeeded();
    } else {
      coming.tell(model.missing(), "waiting to start");
      loader.start();
    }
    return coming.arrival();
  }

  private void load(ServedModel model, Announcement coming) {
    model.changing.lock();
    try {
      freeFailed(model);
      untilObtained(model, model.missing(), coming);
    } catch (RuntimeException | Error e) {
      failed(model, e);
    } finally {
      if (!coming.arrival().isOver()) {
        coming.end(new Arrival.Other("it was stopped while it was loaded"));
      }
      model.changing.unlock();
    }
  }

  /* What the watch has not yet dealt with. */
  private void freeFailed(ServedModel model) {
    for (ServedEngine engine : model.engines()) {
      if (engine.engine().failure() != null && model.remove(engine) && watch.remove(engine)) {
        close(engine);
      }
    }
  }

  /* An engine has failed and is closed. A model that cannot be loaded any more is lost. */
  private void loadAgain(ServedEngine failed) {
    models.stream()
        .filter(model -> model.named().equals(failed.model()))
        .findFirst()
        .ifPresent(model -> loadAgain(model, failed));
  }

  private void loadAgain(ServedModel model, ServedEngine failed) {
    Announcement coming = new Announcement(new Arrival(), null, () -> {});
    Thread loader =
        Thread.ofPlatform()
            .daemon()
            .name("startup-" + model.name())
            .unstarted(
                () -> {
                  model.changing.lock();
                  try {
                    if (model.remove(failed)) {
                      untilObtained(model, failed.roles(), coming);
                      failed.roles().forEach(LoadedModels::loseFailed);
                    }
                  } catch (RuntimeException | Error e) {
                    failed(model, e);
                  } finally {
                    coming.arrival().failed(new Arrival.Other("it could not be loaded again"));
                    model.changing.unlock();
                  }
                });
    if (model.isWantedAgain(coming.arrival(), loader)) {
      loader.start();
    }
  }

  private static <T> void loseFailed(Served<T> role) {
    if (role.state() instanceof Served.Failed<T>(String why)) {
      role.become(new Served.Lost<>(why));
    }
  }

  /* Of what a request named wrongly nothing remains. */
  private void forgetUnlessUnderWay(ServedModel model, Arrival arrival) {
    if (model.isOfARequest() && !arrival.wasUnderWay() && !model.isReady()) {
      forget(model);
    }
  }

  private static void failed(ServedModel model, Throwable cause) {
    UntilMemoryAllows.run(() -> model.become(new Served.Failed<>("its startup has failed")));
    log.error("The startup of {} has failed", model.name(), cause);
  }

  private void untilObtained(ServedModel model, List<Served<?>> missing, Announcement coming) {
    boolean done = false;
    while (!done && model.isWanted() && !isAbandoned && !Thread.currentThread().isInterrupted()) {
      done =
          startup.bring(
                  model,
                  missing,
                  coming,
                  engine -> {
                    model.add(engine);
                    watch.add(engine);
                  })
              || model.isOfARequest();
      if (!done) {
        pause();
      }
    }
    TorchRuntime.trimMemory();
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(Served.AFTER_FAILURE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /* Begins to unload a model; the latch opens when its memory is free. */
  private CountDownLatch unload(ServedModel model, @Nullable Supplier<Arrival> whenAsked) {
    CountDownLatch done = new CountDownLatch(1);
    model.wantNoMore();
    Thread.ofPlatform()
        .daemon()
        .name("unload-" + model.name())
        .start(
            () -> {
              model.changing.lock();
              try {
                free(model, whenAsked);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException | Error e) {
                log.error("{} could not be unloaded", model.name(), e);
              } finally {
                model.changing.unlock();
                done.countDown();
              }
            });
    return done;
  }

  private void unloadIdle() {
    for (ServedModel model : models) {
      if (!isAbandoned && model.isIdleFor(idleTimeout) && model.changing.tryLock()) {
        try {
          unloadIdle(model);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
          log.error("{} could not be unloaded", model.name(), e);
        } finally {
          model.changing.unlock();
        }
      }
    }
  }

  /* Nobody loads it or unloads it now, but somebody may have begun to use it. */
  private void unloadIdle(ServedModel model) throws InterruptedException {
    if (model.isReady() && !model.isLost() && model.isIdleFor(idleTimeout)) {
      log.info("{} was not used for {} s", model.name(), idleTimeout.toSeconds());
      model.wantNoMore();
      free(model, () -> bringAgain(model));
    }
  }

  private Arrival bringAgain(ServedModel model) {
    return bring(model, () -> bringAgain(model));
  }

  private void free(ServedModel model, @Nullable Supplier<Arrival> whenAsked)
      throws InterruptedException {
    List<ServedEngine> engines = new ArrayList<>();
    for (ServedEngine engine : model.engines()) {
      if (model.remove(engine) && watch.remove(engine)) {
        engines.add(engine);
      }
    }
    model.become(new Served.Unloaded<>(whenAsked));
    awaitUsers(model, engines);
    engines.forEach(LoadedModels::close);
    startup.release(model.named());
    closeTokenizer(model);
    TorchRuntime.trimMemory();
    log.info("{} is unloaded", model.name());
    if (model.isOfARequest() && whenAsked == null) {
      forget(model);
    }
  }

  private void awaitUsers(ServedModel model, List<ServedEngine> engines)
      throws InterruptedException {
    if (!areGone(model, drain)) {
      ModelUnavailable reason =
          new ModelUnavailable(
              "%s was unloaded".formatted(model.named().shownName()), Served.AFTER_FAILURE);
      for (ServedEngine engine : engines) {
        if (engine.owner() instanceof TextGenerator generator) {
          generator.end(reason);
        }
      }
      areGone(model, UNTIL_THE_END_IS_TOLD);
    }
  }

  private static boolean areGone(ServedModel model, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    boolean gone = true;
    for (Served<?> role : model.roles()) {
      gone &= role.users().awaitNobody(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    return gone;
  }

  private static void close(ServedEngine engine) {
    try {
      engine.owner().close();
    } catch (Exception e) {
      log.error("{} could not be closed", engine.model().name(), e);
    }
  }

  /* Models of the same files share it. */
  private void closeTokenizer(ServedModel model) {
    Path folder = model.folder();
    model.isLoadedFrom(null);
    if (folder != null && models.stream().noneMatch(other -> folder.equals(other.folder()))) {
      tokenizers.close(folder);
    }
  }
}
