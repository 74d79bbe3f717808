package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Explanation;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.UntilMemoryAllows;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.source.ModelNotObtained;
import dev.diptych.source.ModelStore;
import dev.diptych.startup.EncoderStartup.LoadedEncoder;
import dev.diptych.torchscript.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings each configured model from its source to its endpoint, once per model, all of them side by
 * side.
 */
@Component
final class ModelStartup {

  private static final Logger log = LoggerFactory.getLogger(ModelStartup.class);

  private final ModelStore store;
  private final DecoderStartup decoders;
  private final EncoderStartup encoders;
  private final ServedModels<TextGenerator> generators;
  private final EncoderRoles reading;
  private final EngineWatch watch;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  ModelStartup(
      DiptychSettings settings,
      Torch torch,
      ModelStore store,
      DecoderStartup decoders,
      EncoderStartup encoders,
      ServedModels<TextGenerator> generators,
      EncoderRoles reading) {
    this.store = store;
    this.decoders = decoders;
    this.encoders = encoders;
    this.generators = generators;
    this.reading = reading;
    this.watch =
        new EngineWatch(settings.inference().stepTimeout(), torch.progress(), this::loadAgain);
  }

  /** Starts one thread per model; the service answers meanwhile. */
  void begin() {
    Map<NamedModel, List<Served<?>>> wanted = new LinkedHashMap<>();
    for (ServedModels<?> models : all()) {
      for (Served<?> served : models.allPossible()) {
        wanted.computeIfAbsent(served.named(), _ -> new ArrayList<>()).add(served);
      }
    }
    watch.start();
    wanted.forEach((model, roles) -> start(model, roles, () -> untilObtained(model, roles)));
  }

  private List<ServedModels<?>> all() {
    List<ServedModels<?>> all = new ArrayList<>(reading.models());
    all.addFirst(generators);
    return all;
  }

  private void loadAgain(ServedEngine failed) {
    start(failed.model(), failed.roles(), () -> bringAgain(failed));
  }

  private void start(NamedModel model, List<Served<?>> roles, Runnable work) {
    Runnable failing = () -> fail(roles, "its startup has failed");
    threads.removeIf(thread -> !thread.isAlive());
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("startup-" + model.name())
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (RuntimeException | Error e) {
                    UntilMemoryAllows.run(failing);
                    log.error("The startup of {} has failed", model.name(), e);
                  }
                }));
  }

  /** Stops waiting for models that are still coming, and loading those that fail. */
  void abandon() {
    watch.stop();
    threads.forEach(Thread::interrupt);
  }

  /* A model that was there and cannot be loaded any more is lost. */
  private void bringAgain(ServedEngine failed) {
    untilObtained(failed.model(), failed.roles());
    for (Served<?> role : failed.roles()) {
      if (role.state() instanceof Served.Failed<?>(String why)) {
        role.become(new Served.Lost<>(why));
      }
    }
  }

  private void untilObtained(NamedModel model, List<Served<?>> roles) {
    boolean done = false;
    while (!done && !Thread.currentThread().isInterrupted()) {
      done = bring(model, roles);
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

  /** Whether there is no sense in trying again: the model is there, or is not usable. */
  private boolean bring(NamedModel named, List<Served<?>> roles) {
    long begin = System.nanoTime();
    String model = named.name();
    try {
      obtainAndServe(named, roles);
      List<Served<?>> ready =
          roles.stream().filter(role -> role.state() instanceof Served.Ready<?>).toList();
      if (!ready.isEmpty()) {
        log.info(
            "{} answers {} after {} s",
            model,
            endpoints(ready),
            "%.1f".formatted((System.nanoTime() - begin) / 1e9));
      }
      return true;
    } catch (ModelNotObtained e) {
      log.error("{} is not available for {}: {}", model, endpoints(roles), e.getMessage());
      fail(roles, Explanation.of(e));
      return false;
    } catch (IOException | RuntimeException | Error e) { // native libraries fail with errors
      fail(roles, Explanation.of(e));
      log.error("{} cannot be served at {}", model, endpoints(roles), e);
      return true;
    }
  }

  /* Files that are whole and cannot be loaded let the next source have its turn. */
  private void obtainAndServe(NamedModel model, List<Served<?>> roles) throws IOException {
    for (boolean served = false; !served; ) {
      Path folder = store.obtain(model.source(), what -> coming(roles, what));
      coming(roles, "loading");
      try {
        serve(model, folder, roles);
        served = true;
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (!store.reject(model.source(), folder, reason)) {
          throw e;
        }
        log.warn("{} cannot be loaded, so the next source is asked: {}", model.name(), reason);
      }
    }
  }

  private void serve(NamedModel model, Path folder, List<Served<?>> possible) throws IOException {
    Blueprint blueprint = BlueprintReader.read(folder);
    List<Served<?>> roles = settled(possible, Abilities.of(blueprint, folder));
    List<Served<?>> ofReaders =
        roles.stream().filter(served -> served.role() != Role.GENERATE).toList();
    for (Served<TextGenerator> generator : generators.all()) {
      if (roles.contains(generator)) {
        generate(generator, folder, blueprint);
      }
    }
    if (!ofReaders.isEmpty()) {
      requireReader(model, folder, blueprint);
      serve(encoders.load(model, folder, blueprint), ofReaders);
    }
  }

  /* Those that the model has, once it is known what it can do. */
  private List<Served<?>> settled(List<Served<?>> possible, Set<Role> abilities) {
    List<Served<?>> settled = new ArrayList<>();
    for (ServedModels<?> models : all()) {
      for (Served<?> served : possible) {
        if (models.role() == served.role()) {
          boolean has = !models.isOnlyPossible(served) || abilities.contains(served.role());
          models.settle(served, has);
          if (has) {
            settled.add(served);
          }
        }
      }
    }
    return settled;
  }

  private void generate(Served<TextGenerator> generator, Path folder, Blueprint blueprint)
      throws IOException {
    NamedModel model = generator.named();
    if (!(blueprint.head() instanceof Head.LanguageModel)) {
      throw new IllegalArgumentException(
          "the model %s is an encoder, which cannot answer /generate".formatted(model.name()));
    }
    TextGenerator engine = decoders.start(model, folder, blueprint);
    generator.become(new Served.Ready<>(engine));
    watch.add(new ServedEngine(model, List.of(generator), engine.engine(), engine));
  }

  /* A decoder embeds texts if its checkpoint says how. */
  private static void requireReader(NamedModel model, Path folder, Blueprint blueprint) {
    if (blueprint.isCausal() && !SentenceEmbedding.isDescribed(folder)) {
      throw new IllegalArgumentException(
          "the model %s is a decoder, which answers /generate only: it has no modules.json that would say how it embeds"
              .formatted(model.name()));
    }
  }

  /* A model that cannot do one of its roles still does the others. */
  private void serve(LoadedEncoder encoder, List<Served<?>> roles) {
    List<Served<?>> ready = new ArrayList<>();
    Map<Served<?>, Exception> failed = new LinkedHashMap<>();
    for (Served<?> role : roles) {
      try {
        reading.serve(role, encoder);
        ready.add(role);
      } catch (IOException | RuntimeException e) {
        failed.put(role, e);
      }
    }
    tell(failed, !ready.isEmpty());
    if (ready.isEmpty()) {
      encoder.engine().close();
    } else {
      watch.add(
          new ServedEngine(ready.getFirst().named(), ready, encoder.engine(), encoder.engine()));
    }
  }

  /* What nobody asked for by its name is not missed where the model does something else. */
  private void tell(Map<Served<?>, Exception> failed, boolean doesOthers) {
    failed.forEach(
        (role, cause) -> {
          if (doesOthers && !role.named().tasks().contains(role.role())) {
            all().stream()
                .filter(models -> models.role() == role.role())
                .forEach(models -> models.settle(role, false));
          } else {
            log.error("{} cannot answer {}", role.model(), role.role().endpoint(), cause);
            fail(List.of(role), Explanation.of(cause));
          }
        });
  }

  private static void coming(List<Served<?>> roles, String what) {
    roles.forEach(role -> role.become(new Served.Coming<>(what)));
  }

  private static void fail(List<Served<?>> roles, String why) {
    roles.forEach(role -> role.become(new Served.Failed<>(why)));
  }

  private static String endpoints(List<Served<?>> roles) {
    return String.join(" and ", roles.stream().map(served -> served.role().endpoint()).toList());
  }
}
