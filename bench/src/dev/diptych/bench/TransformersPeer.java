package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Hugging Face transformers on PyTorch, in a process of its own that answers JSON lines. */
final class TransformersPeer implements Contestant {

  private final String name;
  private final JsonLinesProcess process;

  private TransformersPeer(String name, JsonLinesProcess process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Loads the default models.
   *
   * @param python an interpreter that has transformers
   * @param script {@code bench/transformers_peer.py}
   * @param store the folder of the service's models
   * @param precision float32 or bfloat16
   */
  static TransformersPeer start(String name, Path python, Path script, Path store, String precision)
      throws IOException {
    return new TransformersPeer(
        name,
        JsonLinesProcess.start(
            List.of(python.toString(), script.toString(), store.toString(), precision)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    JsonNode hello = process.hello();
    return "in process, without HTTP; of decoding only the model is timed, in static batches;"
        + " transformers %s, PyTorch %s, %d threads"
            .formatted(
                hello.path("version").asString(),
                hello.path("torch").asString(),
                hello.path("threads").asInt());
  }

  @Override
  public boolean takes(Workload workload) {
    return switch (workload) {
      case Workload.Decode _, Workload.Prefill _ -> true;
      case Workload.Embed embed -> embed.clients() == 1;
      case Workload.FillMask fillMask -> fillMask.clients() == 1;
      case Workload.Chat _,
          Workload.ShortPromptUnderLoad _,
          Workload.Ping _,
          Workload.ChatCompletions _ ->
          false;
    };
  }

  @Override
  public Map<Measure, Double> run(Workload workload, Texts texts) throws IOException {
    return switch (workload) {
      case Workload.Decode(int streams, int newTokens) ->
          process.measure(
              Map.of(
                  "work",
                  "decode",
                  "sequences",
                  streams,
                  "prompt",
                  Workload.PROMPT,
                  "tokens",
                  newTokens));
      case Workload.Prefill(int tokens) ->
          process.measure(Map.of("work", "prefill", "tokens", tokens));
      case Workload.Embed embed ->
          oneByOne(
              "embed",
              IntStream.range(0, embed.requestsPerClient())
                  .mapToObj(_ -> embed.lengths().stream().map(texts::encoderText).toList())
                  .toList());
      case Workload.FillMask fillMask ->
          oneByOne(
              "fill_mask",
              IntStream.range(0, fillMask.requestsPerClient())
                  .mapToObj(_ -> texts.maskedText(fillMask.tokens()))
                  .toList());
      case Workload.Chat _,
          Workload.ShortPromptUnderLoad _,
          Workload.Ping _,
          Workload.ChatCompletions _ ->
          throw new IllegalArgumentException("not measured on " + workload.title());
    };
  }

  @Override
  public void close() {
    process.close();
  }

  private Map<Measure, Double> oneByOne(String work, List<?> requests) throws IOException {
    return process.measure(Map.of("work", work, "requests", requests));
  }
}
