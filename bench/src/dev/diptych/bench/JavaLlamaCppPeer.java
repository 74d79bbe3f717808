package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** llama.cpp through its Java binding, in a JVM of its own that answers JSON lines. */
final class JavaLlamaCppPeer implements Contestant {

  private final String name;
  private final JsonLinesProcess process;

  private JavaLlamaCppPeer(String name, JsonLinesProcess process) {
    this.name = name;
    this.process = process;
  }

  /** Loads a model in a JVM that has this one's class path. */
  static JavaLlamaCppPeer start(String name, Path gguf) throws IOException {
    return new JavaLlamaCppPeer(
        name,
        JsonLinesProcess.start(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                JavaLlamaCpp.class.getName(),
                gguf.toString())));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    return "in a JVM without HTTP, from text to text; the library in its jar, compiled for AVX2;"
        + " de.kherud:llama %s, %d threads"
            .formatted(
                process.hello().path("version").asString(),
                process.hello().path("threads").asInt());
  }

  @Override
  public boolean takes(Workload workload) {
    return switch (workload) {
      case Workload.Decode(int streams, _) -> streams == 1;
      case Workload.Prefill _ -> true;
      default -> false;
    };
  }

  @Override
  public Map<Measure, Double> run(Workload workload, Texts texts) throws IOException {
    return switch (workload) {
      case Workload.Decode(_, int newTokens) ->
          process.measure(Map.of("prompt", texts.words(Workload.PROMPT), "tokens", newTokens));
      case Workload.Prefill(int tokens) -> process.measure(Map.of("prompt", texts.words(tokens)));
      case Workload.Chat _,
          Workload.ShortPromptUnderLoad _,
          Workload.Embed _,
          Workload.FillMask _,
          Workload.Ping _,
          Workload.ChatCompletions _ ->
          throw new IllegalArgumentException("not measured on " + workload.title());
    };
  }

  @Override
  public void close() {
    process.close();
  }
}
