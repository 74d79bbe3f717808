package dev.diptych.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** The packaged service in a JVM of its own, started as in the container. */
public final class ServiceProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Process process;
  private final URI address;
  private final Path log;
  private final double startSeconds;

  private ServiceProcess(Process process, URI address, Path log, double startSeconds) {
    this.process = process;
    this.address = address;
    this.log = log;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts the jar on a free port and waits until every model answers; fails as soon as one of them
   * cannot be served.
   *
   * @param log takes what the service prints
   */
  public static ServiceProcess start(Path jar, ServiceSettings settings, Path log)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xms96m",
                "-Xmn48m",
                "-XX:MaxHeapFreeRatio=50",
                "-XX:-ShrinkHeapInSteps",
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:AOTCache=" + jar.resolveSibling("app.aot"),
                "-Xlog:aot*=error",
                "-jar",
                jar.toString(),
                "--server.port=" + port));
    command.addAll(settings.arguments());
    Files.createDirectories(log.toAbsolutePath().getParent());
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    URI address = URI.create("http://127.0.0.1:" + port);
    try {
      awaitHealth(process, address, log);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
    return new ServiceProcess(process, address, log, (System.nanoTime() - start) / 1e9);
  }

  /** Waits until {@code /health} says 200. */
  private static void awaitHealth(Process process, URI address, Path log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (ServiceClient client = new ServiceClient(address)) {
      while (System.nanoTime() < deadline) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IOException("The service ended with " + process.exitValue() + ", see " + log);
        }
        if (isHealthy(client)) {
          return;
        }
      }
    }
    throw new IOException("The service was not ready within " + PATIENCE + ", see " + log);
  }

  public URI address() {
    return address;
  }

  /** Seconds from the start of the JVM until every model answered. */
  double startSeconds() {
    return startSeconds;
  }

  /** Its memory now. */
  public ProcessMemory memory() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("The service ended with " + process.exitValue() + ", see " + log);
    }
    return ProcessMemory.of(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        System.err.println("The service did not end by itself, see " + log);
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isHealthy(ServiceClient client) throws IOException, InterruptedException {
    try {
      if (client.status("/health") == 200) {
        return true;
      }
      for (JsonNode model : client.read("/info").path("models")) {
        if ("failed".equals(model.path("state").asString())) {
          throw new IOException(
              model.path("model_id").asString() + ": " + model.path("detail").asString());
        }
      }
      return false;
    } catch (ConnectException | HttpTimeoutException _) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
