package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import dev.diptych.source.HubListing.HubFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A repository on the Hugging Face Hub at one revision. */
final class HubSource implements ModelSource {

  private static final int MOST_TRIES = 4;
  private static final long LARGEST_GUIDE = 256L << 20;
  private static final String PART = "copy.part";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final HubClient hub;
  private final ModelReference.OnHub reference;
  private final List<CatalogFile> known;
  private final List<HubCopy> copies;

  /**
   * @param known files whose SHA-256 is known beforehand
   * @param copies have some of the files already
   */
  HubSource(
      HubClient hub,
      ModelReference.OnHub reference,
      List<CatalogFile> known,
      List<HubCopy> copies) {
    this.hub = hub;
    this.reference = reference;
    this.known = known;
    this.copies = List.copyOf(copies);
  }

  @Override
  public String description() {
    String name = "%s@%s".formatted(reference.repository(), reference.revision());
    String quantisation = reference.quantisation();
    return "%s on %s"
        .formatted(
            quantisation.isEmpty() ? name : name + ":" + quantisation, hub.endpoint().getHost());
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public long importedBytes() {
    return 0;
  }

  @Override
  public Optional<ModelSource> complete(Path partial) {
    List<HubCopy> all = Stream.concat(copies.stream(), Stream.of(new HubCopy(partial))).toList();
    return Optional.of(new HubSource(hub, reference, known, all));
  }

  @Override
  public Fetched fetch(Path work, Progress progress) throws IOException, InterruptedException {
    Path files = Files.createDirectories(work.resolve("files"));
    progress.say("asking %s for %s".formatted(hub.endpoint().getHost(), reference.repository()));
    HubListing listing = list(progress);
    String prefix = "/%s/resolve/%s/".formatted(reference.repository(), listing.commit());
    HubDownload download = new HubDownload(hub, prefix, work.resolve("parts"));
    Set<String> all = listing.files().keySet();
    if (HubFiles.isGguf(all, reference.quantisation())) {
      List<String> names = GgufChoice.of(all, reference.quantisation(), reference.repository());
      bring(listing.named(Set.copyOf(names)), work, files, download, progress);
      return new Fetched(files.resolve(names.getFirst()), CheckpointFormat.GGUF);
    }
    requireModel(listing);
    for (HubFile guide : listing.named(HubFiles.guides(all))) {
      if (guide.size() > LARGEST_GUIDE) {
        throw HubFailure.last(
            "its %s has %d bytes, more than %d"
                .formatted(guide.path(), guide.size(), LARGEST_GUIDE));
      }
      bring(guide, files, download, progress);
    }
    bring(listing.named(HubFiles.wanted(all, files)), work, files, download, progress);
    return new Fetched(files, CheckpointFormat.HUGGING_FACE);
  }

  private void bring(
      List<HubFile> wanted, Path work, Path files, HubDownload download, Progress progress)
      throws IOException, InterruptedException {
    removeOthers(files, wanted);
    long total = wanted.stream().mapToLong(file -> Math.max(0, file.size())).sum();
    DiskSpace.require(work, total - DiskSpace.occupied(work));
    for (HubFile file : wanted) {
      bring(file, files, download, progress);
    }
  }

  private void bring(HubFile listed, Path files, HubDownload download, Progress progress)
      throws IOException, InterruptedException {
    Path target = SafePath.resolve(files, listed.path());
    HubFile file = expected(listed);
    if (isThere(file, target)) {
      return;
    }
    for (HubCopy copy : copies) {
      Optional<Path> same = copy.find(file);
      if (same.isPresent()) {
        progress.say("copying " + file.path());
        Path part = Files.createDirectories(target.resolveSibling(".")).resolve(PART);
        Files.copy(same.get(), part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      }
    }
    download.fetch(file, target, progress);
  }

  private HubListing list(Progress progress) throws IOException, InterruptedException {
    String path =
        "/api/models/%s/revision/%s?blobs=true"
            .formatted(reference.repository(), reference.revision().replace("/", "%2F"));
    for (int tries = 1; ; tries++) {
      try {
        var response = hub.get(path, Map.of("Accept", "application/json")).response();
        try (InputStream body = response.body();
            SilenceGuard _ = new SilenceGuard(body, hub.patience().silence())) {
          return HubListing.read(body);
        }
      } catch (HubFailure e) {
        int most =
            switch (e.kind()) {
              case BUSY -> MOST_TRIES;
              case CUT, CORRUPT -> 2;
              case UNREACHABLE, FINAL -> 1;
            };
        if (tries >= most || e.retryAfter().compareTo(LONGEST_WAIT) > 0) {
          throw e;
        }
        progress.say(e.getMessage() + ", trying again");
        Thread.sleep(hub.patience().pauseAfter(tries, e.retryAfter()));
      }
    }
  }

  private static void requireModel(HubListing listing) throws HubFailure {
    if (!listing.files().containsKey("config.json")) {
      throw HubFailure.last("it has no config.json");
    }
    if (!HubFiles.hasTokenizer(listing.files().keySet())) {
      throw HubFailure.last("it has no tokenizer.json");
    }
  }

  /* Where a branch has moved on since an earlier run, files may be left that are no more. */
  private static void removeOthers(Path files, List<HubFile> wanted) throws IOException {
    Set<String> names = new HashSet<>(wanted.stream().map(HubFile::path).toList());
    for (String name : Folders.files(files)) {
      if (!names.contains(name)) {
        Files.delete(files.resolve(name));
      }
    }
  }

  private HubFile expected(HubFile file) {
    return known.stream()
        .filter(other -> other.path().equals(file.path()))
        .findFirst()
        .map(other -> new HubFile(file.path(), file.size(), new Checksum.Sha256(other.sha256())))
        .orElse(file);
  }

  private static boolean isThere(HubFile file, Path target) throws IOException {
    Checksum checksum = file.checksum();
    return Files.isRegularFile(target)
        && (file.size() < 0 || Files.size(target) == file.size())
        && (checksum == null || checksum.matches(target));
  }
}
