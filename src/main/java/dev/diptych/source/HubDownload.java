package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import dev.diptych.source.HubFailure.Kind;
import dev.diptych.source.HubListing.HubFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Downloads files of one commit, continuing what an earlier call or connection left. */
final class HubDownload {

  private static final int MOST_FRUITLESS = 5;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
  private static final long LARGEST_UNANNOUNCED = 64L << 20;

  private final HubClient hub;
  private final String prefix;
  private final Path parts;

  /**
   * @param prefix path of the commit's files on the Hub, ending in a slash
   * @param parts folder for what is not whole yet
   */
  HubDownload(HubClient hub, String prefix, Path parts) {
    this.hub = hub;
    this.prefix = prefix;
    this.parts = parts;
  }

  /** Brings one file, checked, to its place; failures without a new byte in between are counted. */
  void fetch(HubFile file, Path target, Progress progress)
      throws IOException, InterruptedException {
    Path part = SafePath.resolve(parts, file.path() + ".part");
    Path etag = SafePath.resolve(parts, file.path() + ".etag");
    Files.createDirectories(part.resolveSibling("."));
    Files.createDirectories(target.resolveSibling("."));
    int fruitless = 0;
    int corrupt = 0;
    while (true) {
      long before = size(part);
      try {
        @Nullable Checksum said = attempt(file, part, etag, progress);
        verify(file, part, said);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(etag);
        return;
      } catch (HubFailure e) {
        fruitless = size(part) > before ? 0 : fruitless + 1;
        corrupt += e.kind() == Kind.CORRUPT ? 1 : 0;
        if (e.kind() == Kind.FINAL || fruitless > MOST_FRUITLESS || corrupt > 1) {
          throw e;
        }
        progress.say("%s: %s, trying again".formatted(file.path(), e.getMessage()));
        Thread.sleep(wait(e, fruitless));
      }
    }
  }

  private Duration wait(HubFailure e, int fruitless) throws HubFailure {
    if (e.retryAfter().compareTo(LONGEST_WAIT) > 0) {
      throw HubFailure.last(
          "%s and asks to wait %d s".formatted(e.getMessage(), e.retryAfter().toSeconds()));
    }
    return hub.patience().pauseAfter(fruitless, e.retryAfter());
  }

  /* What the Hub says of the file beside the listing, when it says anything. */
  private @Nullable Checksum attempt(HubFile file, Path part, Path etag, Progress progress)
      throws IOException, InterruptedException {
    long have = Files.exists(etag) ? size(part) : 0;
    if (have > 0 && have == file.size()) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept-Encoding", "identity");
    if (have > 0) {
      headers.put("Range", "bytes=" + have + "-");
      headers.put("If-Range", Files.readString(etag));
    }
    HubClient.Answer answer = hub.get(prefix + encoded(file.path()), headers);
    var response = answer.response();
    try (InputStream body = response.body()) {
      boolean continues =
          response.statusCode() == 206
              && response
                  .headers()
                  .firstValue("Content-Range")
                  .orElse("")
                  .startsWith("bytes " + have + "-");
      if (response.statusCode() != 200 && !continues) {
        Files.deleteIfExists(part);
        throw new HubFailure(Kind.CUT, "the Hub cannot continue the file", Duration.ZERO);
      }
      long start = continues ? have : 0;
      if (start == 0) {
        Files.deleteIfExists(part);
        rememberEtag(response.headers().firstValue("ETag").orElse(""), etag);
      }
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      copy(file, body, part, start, length, progress);
    }
    String linked = answer.linkedEtag();
    return linked != null && linked.matches("[0-9a-f]{64}") ? new Checksum.Sha256(linked) : null;
  }

  private static String encoded(String path) {
    try {
      return new URI(null, null, "/" + path, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an absolute path is one of any address", e);
    }
  }

  private static void rememberEtag(String etag, Path file) throws IOException {
    if (etag.isEmpty() || etag.startsWith("W/")) {
      Files.deleteIfExists(file); // such a file cannot be continued safely
      return;
    }
    Files.writeString(file, etag);
  }

  private void copy(
      HubFile file, InputStream body, Path part, long start, long length, Progress progress)
      throws IOException {
    long announced = length < 0 ? -1 : start + length;
    long total = file.size() >= 0 ? file.size() : announced;
    if (announced >= 0 && announced != total) {
      throw HubFailure.last(
          "%s has %d bytes instead of %d".formatted(file.path(), announced, total));
    }
    DiskSpace.require(part.resolveSibling("."), total - start);
    long limit = total >= 0 ? total : LARGEST_UNANNOUNCED;
    long done = start;
    byte[] buffer = new byte[1 << 18];
    try (OutputStream out =
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        SilenceGuard guard = new SilenceGuard(body, hub.patience().silence())) {
      for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
        guard.heard();
        if (done + read > limit) {
          throw HubFailure.last("%s is longer than %d bytes".formatted(file.path(), limit));
        }
        out.write(buffer, 0, read);
        done += read;
        progress.transfer("downloading " + file.path(), done, total);
      }
    }
    if (total >= 0 && done != total) {
      throw new HubFailure(
          Kind.CUT,
          "the connection was cut after %d of %d bytes".formatted(done, total),
          Duration.ZERO);
    }
  }

  private static int read(InputStream body, byte[] buffer) throws HubFailure {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new HubFailure(Kind.CUT, "the connection was cut", e);
    }
  }

  private static void verify(HubFile file, Path part, @Nullable Checksum said) throws IOException {
    Checksum expected = file.checksum() != null ? file.checksum() : said;
    if (expected == null || expected.matches(part)) {
      return;
    }
    Files.delete(part);
    throw new HubFailure(
        Kind.CORRUPT,
        "%s came with another checksum than %s".formatted(file.path(), expected.hex()),
        Duration.ZERO);
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
