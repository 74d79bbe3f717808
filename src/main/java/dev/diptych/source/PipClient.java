package dev.diptych.source;

import dev.diptych.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fetches a wheel with {@code pip download}; nothing is installed and none of its code is run. */
final class PipClient implements ArchiveSource.Client {

  private static final List<String> IN_PYTHON = List.of("-I", "-m", "pip");
  private static final List<List<String>> WITHOUT_PYTHON = List.of(List.of("pip3"), List.of("pip"));

  /* of a shell, and of Windows' stand-in for a Python that is not installed */
  private static final Set<Integer> COMMAND_NOT_FOUND = Set.of(127, 9009);
  private static final int MOST_OUTPUT = 1 << 16;
  private static final long MOST_LOG = 1 << 20;
  private static final long MOST_BESIDE = 16 << 20;
  private static final String LOG = "pip.log";

  /*
   * What pip and its Python need to find their way, certificates and mirrors; no secrets of ours.
   * Windows writes names in any case, and without the last ones no program runs there.
   */
  private static final Pattern VARIABLES =
      Pattern.compile(
          "PATH|HOME|USER|LOGNAME|LANG|LC_\\w+|TZ|PIP_\\w+|NETRC|XDG_CONFIG_(HOME|DIRS)"
              + "|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
              + "|https?_proxy|all_proxy|no_proxy"
              + "|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|USERNAME|USERPROFILE"
              + "|AppData|LocalAppData|ProgramData|ProgramFiles(\\(x86\\))?",
          Pattern.CASE_INSENSITIVE);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final String packageName;
  private final String version;
  private final long size;
  private final List<List<String>> commands;
  private final Patience patience;

  /**
   * How long pip is waited for.
   *
   * @param silence without a new byte
   * @param whole from its start to its end
   */
  record Patience(Duration silence, Duration whole) {

    static final Patience USUAL = new Patience(Duration.ofMinutes(2), Duration.ofHours(2));
  }

  /**
   * @param size bytes of the wheel; more are not taken
   * @param commands ways to call pip; the first that exists is used
   */
  PipClient(
      String packageName,
      String version,
      long size,
      List<List<String>> commands,
      Patience patience) {
    this.packageName = packageName;
    this.version = version;
    this.size = size;
    this.commands = commands;
    this.patience = patience;
  }

  /** How pip is called on most machines, in the order in which it is looked for. */
  static List<List<String>> usualCommands(Platform platform) {
    List<String> pythons =
        platform.isWindows() ? List.of("py", "python", "python3") : List.of("python3");
    return Stream.concat(
            pythons.stream()
                .map(name -> Stream.concat(Stream.of(name), IN_PYTHON.stream()).toList()),
            WITHOUT_PYTHON.stream())
        .toList();
  }

  @Override
  public String description() {
    return "Python package %s %s".formatted(packageName, version);
  }

  @Override
  public Path fetch(Path work, ArchiveSource.Check checked, Progress progress)
      throws IOException, InterruptedException {
    Path earlier = wheelOfAnEarlierRun(work, checked);
    if (earlier != null) {
      return earlier;
    }
    progress.say("asking pip for %s %s".formatted(packageName, version));
    for (List<String> command : commands) {
      Path wheel = run(command, Files.createTempDirectory(work, "pip-"), progress);
      if (wheel != null) {
        return wheel;
      }
    }
    throw new IOException(
        "no Python with pip on this machine (looked for %s)"
            .formatted(
                String.join(", ", commands.stream().map(c -> String.join(" ", c)).toList())));
  }

  /* A run that was killed may have left the whole wheel; its other leftovers are removed. */
  private static @Nullable Path wheelOfAnEarlierRun(Path work, ArchiveSource.Check checked)
      throws IOException {
    List<Path> runs;
    try (Stream<Path> children = Files.list(work)) {
      runs = children.filter(Files::isDirectory).toList();
    }
    for (Path run : runs) {
      Path wheel = wheel(run);
      if (wheel != null && checked.test(wheel)) {
        return wheel;
      }
      Folders.delete(run);
    }
    return null;
  }

  /* null when there is no such command or it has no pip */
  private @Nullable Path run(List<String> pip, Path folder, Progress progress)
      throws IOException, InterruptedException {
    Path output = folder.resolve(LOG);
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Process process;
    try {
      process = start(pip, folder, temporary, output);
    } catch (IOException e) {
      return null;
    }
    try {
      await(process, folder, progress);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    int status = process.waitFor();
    if (status == 0) {
      Path wheel = wheel(folder);
      if (wheel == null) {
        throw new IOException("pip ended well but left no wheel");
      }
      return wheel;
    }
    String said = read(output);
    if (isNotFound(status, said)) {
      return null;
    }
    throw new IOException("pip ended with status %d: %s".formatted(status, reason(said)));
  }

  static boolean isNotFound(int status, String said) {
    return COMMAND_NOT_FOUND.contains(status) || said.contains("No module named pip");
  }

  private Process start(List<String> pip, Path folder, Path temporary, Path output)
      throws IOException {
    List<String> command = new ArrayList<>(pip);
    command.addAll(
        List.of("download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"));
    command.addAll(List.of("--no-input", "--no-cache-dir", "--disable-pip-version-check"));
    command.addAll(List.of("--progress-bar=off", "--retries=2", "--timeout=20"));
    command.addAll(List.of("--dest", folder.toString(), packageName + "==" + version));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> !isPassedOn(name));
    builder.environment().put("TMPDIR", temporary.toString());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    process.getOutputStream().close(); // nobody answers what it asks
    return process;
  }

  static boolean isPassedOn(String variable) {
    return VARIABLES.matcher(variable).matches();
  }

  private void await(Process process, Path folder, Progress progress)
      throws IOException, InterruptedException {
    long before = -1;
    long begin = System.nanoTime();
    long heard = begin;
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      requireNoMoreThanAnnounced(folder);
      long here = DiskSpace.occupied(folder);
      if (here != before) {
        before = here;
        heard = System.nanoTime();
        progress.transfer("downloading " + packageName, Math.min(here, size), size);
      }
      if (System.nanoTime() - heard > patience.silence().toNanos()) {
        throw new IOException(
            "pip brought nothing for %d s: %s"
                .formatted(patience.silence().toSeconds(), reason(read(folder.resolve(LOG)))));
      }
      if (System.nanoTime() - begin > patience.whole().toNanos()) {
        throw new IOException(
            "pip was not done after %d s".formatted(patience.whole().toSeconds()));
      }
    }
    requireNoMoreThanAnnounced(folder);
  }

  private void requireNoMoreThanAnnounced(Path folder) throws IOException {
    if (Files.size(folder.resolve(LOG)) > MOST_LOG) {
      throw new IOException("pip said more than %d bytes".formatted(MOST_LOG));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".whl") && Files.size(file) > size) {
          throw new IOException("the wheel is longer than the %d bytes announced".formatted(size));
        }
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      // pip moves its files while they are looked at; the next look sees them
    }
    // pip writes a wheel aside and copies it
    if (DiskSpace.occupied(folder) > 2 * size + MOST_BESIDE) {
      throw new IOException("pip brought more than the %d bytes announced".formatted(size));
    }
  }

  private static @Nullable Path wheel(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".whl")).findFirst().orElse(null);
    }
  }

  private static String read(Path output) throws IOException {
    try (var in = Files.newInputStream(output)) {
      return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
    }
  }

  /* the last error that pip names, else its last line */
  private static String reason(String output) {
    List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    String line =
        lines.reversed().stream()
            .filter(l -> l.startsWith("ERROR:"))
            .findFirst()
            .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    return Reason.quoted(line);
  }
}
