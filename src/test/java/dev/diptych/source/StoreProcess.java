package dev.diptych.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A store in a process of its own, to be killed; it prints its progress line by line. */
final class StoreProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private StoreProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** A store with the model {@code tiny}: from the Hub, else from a wheel. */
  static ModelStore store(Path root, URI hub, byte[] wheel, List<String> pip, boolean offline) {
    List<CatalogSource> places =
        List.of(
            new CatalogSource.Hub(LocalHub.REPOSITORY, "main", List.of()),
            new CatalogSource.Wheel("tiny", "1.0", Zips.modelArchive(wheel)));
    Map<String, ModelCatalog.Entry> models = new LinkedHashMap<>();
    models.put("tiny", new ModelCatalog.Entry("", List.of(), "", places));
    ModelSources sources =
        new ModelSources(
            new ModelCatalog(models),
            new HubClient(hub, null, HubPatience.USUAL),
            null,
            false,
            List.of(pip),
            UnaryOperator.identity());
    return new ModelStore(root, sources, offline, new ProgressLog());
  }

  /**
   * Starts the process.
   *
   * @param wheel the file that the catalogue names by its checksum
   */
  static StoreProcess start(Path root, URI hub, Path wheel, List<String> pip) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(StoreProcess.class.getName());
    command.addAll(List.of(root.toString(), hub.toString(), wheel.toString()));
    command.addAll(pip);
    return new StoreProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  public static void main(String[] arguments) throws IOException {
    List<String> pip = List.of(arguments).subList(3, arguments.length);
    ModelStore store =
        store(
            Path.of(arguments[0]),
            URI.create(arguments[1]),
            Files.readAllBytes(Path.of(arguments[2])),
            pip,
            false);
    System.out.println("obtained " + store.obtain("tiny", StoreProcess::tell));
  }

  private static void tell(String text) {
    System.out.println("progress " + text);
    System.out.flush();
  }

  /** Reads the output until a line contains a text. */
  String await(String text) throws IOException {
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(text)) {
        return line;
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("the process ended without \"" + text + "\":\n" + before);
  }

  /** Kills the process as {@code kill -9} does, and what it had started. */
  void kill() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly().waitFor();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
