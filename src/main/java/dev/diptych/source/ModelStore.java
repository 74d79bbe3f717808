package dev.diptych.source;

import dev.diptych.checkpoint.WeightFiles;
import dev.diptych.model.family.GgufConfiguration;
import dev.diptych.source.ModelNotObtained.Attempt;
import dev.diptych.source.StoredModel.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models on this machine: one Hugging Face folder each, fetched and imported when asked for the
 * first time. Several threads and processes may ask at once.
 */
public final class ModelStore {

  /*
   * <store>/<name>/                    a whole model with manifest.json
   * <store>/.partial/<name>.lock       held by whoever writes that model
   * <store>/.partial/<name>/<source>/  work of one source: files, archive, parts; and imported/
   *
   * A model is made aside, gets its manifest last and is then renamed into place, so a process that
   * is killed leaves either nothing or work that the next one continues. A whole model is served
   * without a lock and without a write, from a read-only disk too.
   */

  private static final Logger log = LoggerFactory.getLogger(ModelStore.class);
  private static final String PARTIAL = ".partial";

  private final Path store;
  private final ModelSources sources;
  private final boolean offline;
  private final ProgressDisplay display;
  private final Map<Rejected, String> rejected = new ConcurrentHashMap<>();

  /** A model's files from one source, which are whole and cannot be loaded. */
  private record Rejected(Path folder, String source) {}

  ModelStore(Path store, ModelSources sources, boolean offline, ProgressDisplay display) {
    this.store = store.toAbsolutePath().normalize();
    this.sources = sources;
    this.offline = offline;
    this.display = display;
  }

  /**
   * The folder of a model, brought into the store if it is not there yet.
   *
   * @param model a name in the catalogue, {@code org/name[@revision]}, a folder or a {@code .gguf}
   *     file
   * @param progress told in short texts how far it is, on the calling thread
   * @return a folder with config.json, tokenizer.json and safetensors
   * @throws ModelNotObtained naming each source that was tried and why it failed
   */
  public Path obtain(String model, Consumer<String> progress) throws ModelNotObtained {
    Progress reporter = new Progress(model, progress, display);
    try {
      return switch (ModelReference.parse(model, sources.catalogued())) {
        case ModelReference.Folder(Path path) -> folder(path, reporter);
        case ModelReference.Catalogued reference ->
            stored(reference.name(), sources.of(reference), false, reporter);
        case ModelReference.OnHub reference ->
            stored(ModelSources.storeName(reference), sources.of(reference), false, reporter);
        case ModelReference.GgufFile(Path path) ->
            stored(ModelSources.storeName(path), List.of(new GgufFileSource(path)), true, reporter);
      };
    } catch (ModelNotObtained e) {
      throw e;
    } catch (IOException | UncheckedIOException e) {
      throw new ModelNotObtained("%s: %s".formatted(model, Reason.of(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelNotObtained(model + ": interrupted", e);
    } finally {
      reporter.end();
    }
  }

  /**
   * Notes that a model cannot be loaded although its files are whole. The next time that it is
   * asked for, another source has its turn.
   *
   * @return whether there is another source
   */
  public boolean reject(String model, Path folder, String reason) {
    try {
      Manifest manifest = folder.startsWith(store) ? Manifest.read(folder) : null;
      List<ModelSource> candidates =
          switch (ModelReference.parse(model, sources.catalogued())) {
            case ModelReference.Catalogued reference -> sources.of(reference);
            case ModelReference.OnHub reference -> sources.of(reference);
            case ModelReference.Folder _, ModelReference.GgufFile _ -> List.of();
          };
      if (manifest == null) {
        return false;
      }
      rejected.put(new Rejected(folder, manifest.source()), reason);
      return candidates.stream()
          .filter(source -> !(offline && source.remote()))
          .anyMatch(source -> !rejected.containsKey(new Rejected(folder, source.description())));
    } catch (IOException e) {
      return false;
    }
  }

  private Path folder(Path path, Progress progress) throws IOException, InterruptedException {
    List<String> names = Folders.names(path);
    if (WeightFiles.decisive(names).isEmpty()
        && GgufChoice.isAmong(names)
        && !GgufConfiguration.isIn(path)) {
      Path file = path.resolve(GgufChoice.of(names, "", path.toString()).getFirst());
      return stored(
          ModelSources.storeName(file), List.of(new GgufFileSource(file)), true, progress);
    }
    if (!Files.exists(path.resolve("config.json")) && TensorFlowFolderSource.accepts(path)) {
      List<ModelSource> source = List.of(new TensorFlowFolderSource(path));
      return stored(ModelSources.storeName(path), source, true, progress);
    }
    CheckpointFolder.requireComplete(path);
    return path;
  }

  private Path stored(
      String name, List<ModelSource> candidates, boolean followsOrigin, Progress progress)
      throws IOException, InterruptedException {
    Path folder = store.resolve(name);
    String origin = followsOrigin ? candidates.getFirst().description() : "";
    Condition found = inspect(folder, origin);
    if (found instanceof Condition.Whole(Manifest manifest)) {
      return manifest.doubt().isEmpty() ? folder : completed(name, manifest, candidates, progress);
    }
    if (offline && candidates.stream().allMatch(ModelSource::remote)) {
      throw offline(name, found);
    }
    try (StoreLock _ = lock(name, progress)) {
      return switch (inspect(folder, origin)) {
        case Condition.Whole _ -> folder;
        case Condition.Absent _ -> fetch(name, "is not in the store", candidates, progress);
        case Condition.Damaged(String reason) -> {
          log.warn("{}: {}; getting it again", folder, reason);
          yield fetch(name, "is damaged in the store (" + reason + ")", candidates, progress);
        }
      };
    }
  }

  /* What is there is served even when nobody can be asked for the rest. */
  private Path completed(
      String name, Manifest manifest, List<ModelSource> candidates, Progress progress)
      throws InterruptedException {
    Path folder = store.resolve(name);
    String reason = offline ? "diptych.models.offline is set" : "no source knows all its files";
    for (ModelSource candidate : candidates) {
      ModelSource whole = candidate.complete(folder).orElse(null);
      if (offline || whole == null) {
        continue;
      }
      try (StoreLock _ = lock(name, progress)) {
        Path work = store.resolve(PARTIAL).resolve(name);
        Path made = make(name, whole, work.resolve(workName(whole)), progress);
        replace(name, made, work);
        log.info("{}: completed from {} in {}", name, whole.description(), folder);
        return folder;
      } catch (IOException | UncheckedIOException e) {
        reason =
            e instanceof IOException failure ? Reason.of(failure) : String.valueOf(e.getMessage());
      }
    }
    log.warn("{}: {}; it could not be completed: {}", name, manifest.doubt(), reason);
    return folder;
  }

  private Condition inspect(Path folder, String origin) throws IOException {
    Condition found = StoredModel.inspect(folder);
    if (found instanceof Condition.Whole(Manifest manifest)) {
      String reason = rejected.get(new Rejected(folder, manifest.source()));
      if (reason != null) {
        return new Condition.Damaged(
            "from %s it cannot be loaded: %s".formatted(manifest.source(), reason));
      }
    }
    if (found instanceof Condition.Whole(Manifest manifest)
        && !origin.isEmpty()
        && !manifest.source().equals(origin)) {
      return new Condition.Damaged(
          "made of %s, now there is %s".formatted(manifest.source(), origin));
    }
    return found;
  }

  private ModelNotObtained offline(String name, Condition found) {
    String state =
        found instanceof Condition.Damaged(String reason) ? "damaged: " + reason : "absent";
    return new ModelNotObtained(
        "%s is %s in the store %s, and no source is asked since diptych.models.offline is set"
            .formatted(name, state, store));
  }

  private StoreLock lock(String name, Progress progress) throws IOException, InterruptedException {
    return StoreLock.acquire(
        Files.createDirectories(store.resolve(PARTIAL)).resolve(name + ".lock"),
        () -> progress.say("waiting for another process that is getting " + name));
  }

  private Path fetch(String name, String why, List<ModelSource> candidates, Progress progress)
      throws IOException, InterruptedException {
    Path work = store.resolve(PARTIAL).resolve(name);
    List<Attempt> attempts = new ArrayList<>();
    for (ModelSource source : candidates) {
      if (offline && source.remote()) {
        attempts.add(new Attempt(source.description(), "not asked, diptych.models.offline is set"));
        continue;
      }
      String unloadable = rejected.get(new Rejected(store.resolve(name), source.description()));
      if (unloadable != null) {
        attempts.add(new Attempt(source.description(), "cannot be loaded: " + unloadable));
        continue;
      }
      try {
        Path made = make(name, source, work.resolve(workName(source)), progress);
        Path folder = replace(name, made, work);
        log.info("{}: from {} in {}{}", name, source.description(), folder, after(attempts));
        return folder;
      } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
        attempts.add(new Attempt(source.description(), Reason.of(e)));
      }
    }
    throw ModelNotObtained.afterAll("%s %s".formatted(name, why), attempts);
  }

  private static Path make(String name, ModelSource source, Path work, Progress progress)
      throws IOException, InterruptedException {
    Path imported = work.resolve("imported");
    if (StoredModel.inspect(imported) instanceof Condition.Whole) {
      return imported;
    }
    Files.createDirectories(work);
    Fetched fetched = source.fetch(work, progress);
    Folders.delete(imported);
    DiskSpace.require(work, source.importedBytes());
    Path made = CheckpointFolder.of(fetched, imported, progress);
    if (!fetched.doubt().isEmpty()) {
      log.warn("{}: {}", name, fetched.doubt());
    }
    Manifest.of(name, source.description(), fetched.doubt(), made, progress).write(made);
    return made;
  }

  private Path replace(String name, Path made, Path work) throws IOException {
    Path folder = store.resolve(name);
    Path old = work.resolve("old");
    if (Files.exists(folder)) {
      Folders.delete(old);
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
    Folders.delete(work);
    return folder;
  }

  private static String workName(ModelSource source) {
    return ModelSources.shortHash(source.description());
  }

  private static String after(List<Attempt> attempts) {
    return attempts.isEmpty() ? "" : ", after " + attempts;
  }
}
