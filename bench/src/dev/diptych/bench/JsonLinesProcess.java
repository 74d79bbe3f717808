package dev.diptych.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A peer in a process of its own that first says who it is and then answers each line of JSON with
 * another one, or says in a field {@code error} why it cannot.
 */
final class JsonLinesProcess implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;
  private final JsonNode hello;

  private JsonLinesProcess(Process process) throws IOException {
    this.process = process;
    answers = process.inputReader();
    requests = process.outputWriter();
    hello = answer();
  }

  /** Starts a command and waits for its first line. */
  static JsonLinesProcess start(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new JsonLinesProcess(process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What it said first. */
  JsonNode hello() {
    return hello;
  }

  /** Has work done; the answer's fields are measures in lower case. */
  Map<Measure, Double> measure(Map<String, Object> request) throws IOException {
    requests.write(JSON.writeValueAsString(request));
    requests.newLine();
    requests.flush();
    return measures(answer());
  }

  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      System.err.println("A peer had ended before it was closed: " + e);
    } finally {
      process.destroy();
    }
  }

  static Map<Measure, Double> measures(JsonNode answer) {
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    answer
        .properties()
        .forEach(
            entry ->
                measures.put(
                    Measure.valueOf(entry.getKey().toUpperCase(Locale.ROOT)),
                    entry.getValue().asDouble()));
    return measures;
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("its process ended" + end());
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("error")) {
      throw new IOException(answer.path("error").asString());
    }
    return answer;
  }

  private String end() {
    try {
      return process.waitFor(10, TimeUnit.SECONDS)
          ? " with " + ExitStatus.describe(process.exitValue())
          : "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
