package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import dev.diptych.source.HubListing.HubFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A repository on the Hugging Face Hub at one revision. */
final class HubSource implements ModelSource {

  private static final int MOST_TRIES = 4;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final HubClient hub;
  private final String repository;
  private final String revision;
  private final List<CatalogFile> known;

  /**
   * @param known files whose SHA-256 is known beforehand
   */
  HubSource(HubClient hub, String repository, String revision, List<CatalogFile> known) {
    this.hub = hub;
    this.repository = repository;
    this.revision = revision;
    this.known = known;
  }

  @Override
  public String description() {
    return "%s@%s on %s".formatted(repository, revision, hub.endpoint().getHost());
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
  public Fetched fetch(Path work, Progress progress) throws IOException, InterruptedException {
    Path files = Files.createDirectories(work.resolve("files"));
    progress.say("asking %s for %s".formatted(hub.endpoint().getHost(), repository));
    HubListing listing = list(progress);
    requireModel(listing);
    removeOthers(files, listing);
    long total = listing.files().stream().mapToLong(file -> Math.max(0, file.size())).sum();
    DiskSpace.require(work, total - DiskSpace.occupied(work));
    String prefix = "/%s/resolve/%s/".formatted(repository, listing.commit());
    HubDownload download = new HubDownload(hub, prefix, work.resolve("parts"));
    for (HubFile file : listing.files()) {
      Path target = SafePath.resolve(files, file.path());
      HubFile expected = expected(file);
      if (!isThere(expected, target)) {
        download.fetch(expected, target, progress);
      }
    }
    return new Fetched(files, CheckpointFormat.HUGGING_FACE);
  }

  private HubListing list(Progress progress) throws IOException, InterruptedException {
    String path =
        "/api/models/%s/revision/%s?blobs=true".formatted(repository, revision.replace("/", "%2F"));
    for (int tries = 1; ; tries++) {
      try {
        var response = hub.get(path, Map.of("Accept", "application/json")).response();
        try (InputStream body = response.body()) {
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

  private void requireModel(HubListing listing) throws HubFailure {
    List<String> names = listing.files().stream().map(HubFile::path).toList();
    if (names.stream().noneMatch(name -> name.endsWith(".safetensors"))) {
      throw HubFailure.last("it has no *.safetensors (pickle files are never read)");
    }
    for (String needed : List.of("config.json", "tokenizer.json")) {
      if (!names.contains(needed)) {
        throw HubFailure.last("it has no " + needed);
      }
    }
  }

  /* Where a branch has moved on since an earlier run, files may be left that are no more. */
  private static void removeOthers(Path files, HubListing listing) throws IOException {
    Set<String> names = new HashSet<>(listing.files().stream().map(HubFile::path).toList());
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
