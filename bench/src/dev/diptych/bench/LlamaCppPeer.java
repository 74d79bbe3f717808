package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** llama.cpp through its Python binding, in a process of its own that answers JSON lines. */
final class LlamaCppPeer implements Contestant {

  private final String name;
  private final JsonLinesProcess process;

  private LlamaCppPeer(String name, JsonLinesProcess process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Loads a model.
   *
   * @param name such as {@code llama.cpp Q8_0}
   * @param python an interpreter that has llama_cpp
   * @param script {@code bench/llama_peer.py}
   */
  static LlamaCppPeer start(String name, Path python, Path script, Path gguf) throws IOException {
    return new LlamaCppPeer(
        name,
        JsonLinesProcess.start(
            List.of(python.toString(), script.toString(), "serve", gguf.toString())));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    return "in process: only llama_decode is timed, which leaves out tokenising, sampling, text"
        + " and HTTP; llama-cpp-python %s, %s"
            .formatted(
                process.hello().path("version").asString(),
                process
                    .hello()
                    .path("system")
                    .asString()
                    .replace("|", "")
                    .replaceAll("\\s+", " ")
                    .strip());
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
      case Workload.Prefill(int tokens) ->
          process.measure(Map.of("work", "prefill", "tokens", tokens));
      case Workload.ShortPromptUnderLoad _,
          Workload.Embed _,
          Workload.FillMask _,
          Workload.Ping _,
          Workload.ChatCompletions _ ->
          throw new IllegalArgumentException("llama.cpp is not measured on " + workload.title());
    };
  }

  @Override
  public void close() {
    process.close();
  }

  private Map<Measure, Double> decode(int sequences, int prompt, int tokens) throws IOException {
    return process.measure(
        Map.of("work", "decode", "sequences", sequences, "prompt", prompt, "tokens", tokens));
  }
}
