package dev.diptych.service;

import static org.awaitility.Awaitility.await;

import dev.diptych.http.HttpCaller;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The whole service in a process of its own, started as a user starts it, on a free port. */
public final class RunningDiptych implements AutoCloseable {

  /*
   * The heap is taken whole at the start, so that what grows afterwards is native memory. The class
   * path lacks the tests' own classes: the service would find their applications.
   */

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  private final Process process;
  private final Path log;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private RunningDiptych(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The service with every default, shared by the tests of a run and ended with it. */
  public static RunningDiptych withDefaults() {
    return Shared.SERVICE;
  }

  private static final class Shared {

    static final RunningDiptych SERVICE = startAndEndWithThisProcess();

    private static RunningDiptych startAndEndWithThisProcess() {
      try {
        RunningDiptych service = start("defaults");
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
        service.awaitReady();
        return service;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Starts the service; it may not answer yet.
   *
   * @param name of its log, {@code target/service-<name>.log}
   * @param settings {@code name=value}
   */
  public static RunningDiptych start(String name, String... settings) throws IOException {
    Path log = Path.of("target", "service-%s.log".formatted(name));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                classPath(),
                "dev.diptych.DiptychApplication",
                "--server.port=0"));
    Arrays.stream(settings).map("--"::concat).forEach(command::add);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    RunningDiptych service = new RunningDiptych(process, log);
    Thread.ofPlatform().daemon().name("log of " + name).start(service::keepLog);
    return service;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .filter(entry -> !entry.endsWith("test-classes" + File.separator))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void keepLog() {
    try (BufferedReader output = process.inputReader();
        var file = Files.newBufferedWriter(log)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        file.write(line + System.lineSeparator());
        file.flush();
        Matcher started = PORT.matcher(line);
        if (started.find()) {
          port.complete(Integer.valueOf(started.group(1)));
        }
      }
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
    port.completeExceptionally(new IOException("the service ended; see " + log));
  }

  /** Waits until every configured model answers. */
  public RunningDiptych awaitReady() {
    HttpCaller http = http();
    await("/health of " + log)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> http.get("/health").statusCode() == 200);
    return this;
  }

  /** Where it listens. */
  public int port() {
    try {
      return port.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException("the service did not start; see " + log, e);
    }
  }

  public HttpCaller http() {
    return new HttpCaller(port());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory in bytes, as Linux counts it. */
  long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  /** Kills it as {@code kill -9} does, with what it had started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
