package dev.diptych.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** llama.cpp through its Python binding, in a process of its own that answers JSON lines. */
final class LlamaCppPeer implements Contestant {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;
  private final String system;

  private LlamaCppPeer(String quantisation, Process process) throws IOException {
    this.process = process;
    answers = process.inputReader();
    requests = process.outputWriter();
    JsonNode hello = answer();
    name = "llama.cpp " + quantisation;
    system =
        "llama-cpp-python %s, %s"
            .formatted(
                hello.path("version").asString(),
                hello.path("system").asString().replace("|", "").replaceAll("\\s+", " ").strip());
  }

  /**
   * Loads a model.
   *
   * @param quantisation such as {@code Q8_0}
   * @param python an interpreter that has llama_cpp
   * @param script {@code bench/llama_peer.py}
   */
  static LlamaCppPeer start(String quantisation, Path python, Path script, Path gguf)
      throws IOException {
    Process process =
        new ProcessBuilder(python.toString(), script.toString(), "serve", gguf.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return new LlamaCppPeer(quantisation, process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    return "in process: only llama_decode is timed, which leaves out tokenising, sampling, text"
        + " and HTTP; "
        + system;
  }

  @Override
  public boolean takes(Workload workload) {
    return workload instanceof Workload.Decode
        || workload instanceof Workload.Chat
        || workload instanceof Workload.Prefill;
  }

  @Override
  public Map<Measure, Double> run(Workload workload, Texts texts) throws IOException {
    return switch (workload) {
      case Workload.Decode(int streams, int newTokens) ->
          decode(streams, Workload.PROMPT, newTokens);
      case Workload.Chat(_, _, int newTokens) -> decode(1, Chats.PROMPT, newTokens);
      case Workload.Prefill(int tokens) -> ask(Map.of("work", "prefill", "tokens", tokens));
      case Workload.ShortPromptUnderLoad _,
          Workload.Embed _,
          Workload.FillMask _,
          Workload.Ping _ ->
          throw new IllegalArgumentException("llama.cpp is not measured on " + workload.title());
    };
  }

  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      System.err.println(name + " had ended before it was closed: " + e);
    } finally {
      process.destroy();
    }
  }

  private Map<Measure, Double> decode(int sequences, int prompt, int tokens) throws IOException {
    return ask(
        Map.of("work", "decode", "sequences", sequences, "prompt", prompt, "tokens", tokens));
  }

  private Map<Measure, Double> ask(Map<String, Object> request) throws IOException {
    requests.write(JSON.writeValueAsString(request));
    requests.newLine();
    requests.flush();
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    answer()
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
      throw new IOException("llama.cpp's process ended");
    }
    return JSON.readTree(line);
  }
}
