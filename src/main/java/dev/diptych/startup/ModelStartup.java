package dev.diptych.startup;

import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Arrival;
import dev.diptych.model.Explanation;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.source.ModelNotObtained;
import dev.diptych.source.ModelStore;
import dev.diptych.startup.EncoderStartup.LoadedEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Brings a model from its source to its endpoints, once for all of them. */
@Component
final class ModelStartup {

  private static final Logger log = LoggerFactory.getLogger(ModelStartup.class);

  /** The family of the decoders that rank. */
  private static final String JUDGES = "qwen3";

  private final ModelStore store;
  private final DecoderStartup decoders;
  private final EncoderStartup encoders;
  private final ServedModels<TextGenerator> generators;
  private final EncoderRoles reading;

  ModelStartup(
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
  }

  /**
   * Loads a model.
   *
   * @param roles of the model that do not answer
   * @param coming is told how far it is
   * @param served is given each engine that answers
   * @return whether there is no sense in trying again: the model is there, or is not usable
   */
  boolean bring(
      ServedModel model,
      List<Served<?>> roles,
      Announcement coming,
      Consumer<ServedEngine> served) {
    long begin = System.nanoTime();
    try {
      obtainAndServe(model, roles, coming, served);
      List<Served<?>> ready =
          roles.stream().filter(role -> role.state() instanceof Served.Ready<?>).toList();
      if (!ready.isEmpty()) {
        log.info(
            "{} answers {} after {} s",
            model.name(),
            ServedModel.endpoints(ready),
            "%.1f".formatted((System.nanoTime() - begin) / 1e9));
        coming.arrival().succeeded();
      }
      return true;
    } catch (ModelNotObtained e) {
      log.error(
          "{} is not available for {}: {}",
          model.name(),
          ServedModel.endpoints(roles),
          e.getMessage());
      coming.fail(roles, e);
      return false;
    } catch (IOException | RuntimeException | Error e) { // native libraries fail with errors
      coming.fail(roles, e);
      log.error("{} cannot be served at {}", model.name(), ServedModel.endpoints(roles), e);
      return true;
    }
  }

  /* Files that are whole and cannot be loaded let the next source have its turn. */
  private void obtainAndServe(
      ServedModel model, List<Served<?>> roles, Announcement coming, Consumer<ServedEngine> served)
      throws IOException {
    NamedModel named = model.named();
    for (boolean isServed = false; !isServed; ) {
      Path folder = store.obtain(named.source(), what -> coming.downloads(roles, what));
      coming.tell(roles, "loading");
      model.isLoadedFrom(folder);
      try {
        serve(model, folder, roles, coming, served);
        isServed = true;
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        boolean isStopped = Thread.currentThread().isInterrupted();
        if (isStopped || !store.reject(named.source(), folder, reason)) {
          throw e;
        }
        log.warn("{} cannot be loaded, so the next source is asked: {}", named.name(), reason);
      }
    }
  }

  private void serve(
      ServedModel model,
      Path folder,
      List<Served<?>> possible,
      Announcement coming,
      Consumer<ServedEngine> served)
      throws IOException {
    Blueprint blueprint = BlueprintReader.read(folder);
    List<Served<?>> roles = settled(model, possible, Abilities.of(blueprint, folder));
    List<Served<?>> ofReaders =
        roles.stream().filter(role -> role.role() != Role.GENERATE).toList();
    for (Served<TextGenerator> generator : generators.all()) {
      if (roles.contains(generator)) {
        served.accept(generate(generator, folder, blueprint, coming));
      }
    }
    if (!ofReaders.isEmpty()) {
      requireReader(model.named(), folder, blueprint, ofReaders);
      LoadedEncoder encoder =
          encoders.load(
              model.named(),
              folder,
              forReading(blueprint, ofReaders),
              coming.arrival()::isUnderWay);
      serve(model, encoder, ofReaders, coming, served);
    }
  }

  /* Of a decoder that embeds, only the hidden states are wanted. */
  private static Blueprint forReading(Blueprint blueprint, List<Served<?>> roles) {
    boolean ranks = roles.stream().anyMatch(role -> role.role() == Role.RANK);
    return blueprint.head() instanceof Head.LanguageModel && !ranks
        ? blueprint.with(new Head.None())
        : blueprint;
  }

  private List<ServedModels<?>> all() {
    List<ServedModels<?>> all = new ArrayList<>(reading.models());
    all.addFirst(generators);
    return all;
  }

  /* Those that the model has, once it is known what it can do. */
  private List<Served<?>> settled(
      ServedModel model, List<Served<?>> possible, Set<Role> abilities) {
    List<Served<?>> settled = new ArrayList<>();
    for (ServedModels<?> models : all()) {
      for (Served<?> served : possible) {
        if (models.role() == served.role()) {
          boolean has = !models.isOnlyPossible(served) || abilities.contains(served.role());
          models.settle(served, has);
          if (has) {
            settled.add(served);
          } else {
            model.hasNot(served);
          }
        }
      }
    }
    return settled;
  }

  private ServedEngine generate(
      Served<TextGenerator> generator, Path folder, Blueprint blueprint, Announcement coming)
      throws IOException {
    NamedModel model = generator.named();
    if (!(blueprint.head() instanceof Head.LanguageModel)) {
      throw new IllegalArgumentException(
          "the model %s is an encoder, which cannot answer /generate".formatted(model.name()));
    }
    TextGenerator engine = decoders.start(model, folder, blueprint, coming.arrival()::isUnderWay);
    generator.become(new Served.Ready<>(engine));
    return new ServedEngine(model, List.of(generator), engine.engine(), engine);
  }

  /* A decoder ranks by its answers as Qwen3-Reranker does, and embeds texts if its checkpoint says how. */
  private static void requireReader(
      NamedModel model, Path folder, Blueprint blueprint, List<Served<?>> served) {
    if (!blueprint.isCausal()) {
      return;
    }
    Set<Role> roles = served.stream().map(Served::role).collect(Collectors.toSet());
    boolean continues = blueprint.head() instanceof Head.LanguageModel;
    if (continues && roles.contains(Role.RANK) && !blueprint.family().equals(JUDGES)) {
      throw new IllegalArgumentException(
          "the model %s is a decoder of the family %s; of decoders, only those of %s rank, as Qwen3-Reranker does"
              .formatted(model.name(), blueprint.family(), JUDGES));
    }
    boolean pools = roles.contains(Role.EMBED) || roles.contains(Role.EMBED_SPARSE);
    boolean reads = !pools && (!continues || roles.contains(Role.RANK));
    if (!reads && !SentenceEmbedding.isDescribed(folder)) {
      throw new IllegalArgumentException(
          "the model %s is a decoder, which answers /generate only: it has no modules.json that would say how it embeds"
              .formatted(model.name()));
    }
  }

  /* A model that cannot do one of its roles still does the others. */
  private void serve(
      ServedModel model,
      LoadedEncoder encoder,
      List<Served<?>> roles,
      Announcement coming,
      Consumer<ServedEngine> served) {
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
    failed.forEach((role, cause) -> tell(model, role, cause, coming, !ready.isEmpty()));
    if (ready.isEmpty()) {
      encoder.engine().close();
      encoders.release(model.named());
    } else {
      served.accept(new ServedEngine(model.named(), ready, encoder.engine(), encoder.engine()));
    }
  }

  /* What nobody asked for by its name is not missed where the model does something else. */
  private void tell(
      ServedModel model, Served<?> role, Exception cause, Announcement coming, boolean doesOthers) {
    if (doesOthers && !role.named().tasks().contains(role.role())) {
      model.hasNot(role);
      all().stream()
          .filter(models -> models.role() == role.role())
          .forEach(models -> models.settle(role, false));
    } else {
      log.error("{} cannot answer {}", role.model(), role.role().endpoint(), cause);
      role.become(new Served.Failed<>(Explanation.of(cause)));
      if (!doesOthers) {
        coming.end(new Arrival.Other(Explanation.of(cause)));
      }
    }
  }

  /** Takes back the memory that was set aside for a model. */
  void release(NamedModel model) {
    decoders.release(model);
    encoders.release(model);
  }
}
