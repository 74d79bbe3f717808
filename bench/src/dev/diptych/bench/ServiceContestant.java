package dev.diptych.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service, reached over HTTP. */
final class ServiceContestant implements Contestant {

  private final String name;
  private final @Nullable ServiceProcess process;
  private final ServiceClient client;
  private final ServiceStreams streams;
  private final String models;

  private ServiceContestant(String name, @Nullable ServiceProcess process, URI address)
      throws IOException, InterruptedException {
    this.name = name;
    this.process = process;
    this.client = new ServiceClient(address);
    this.streams = new ServiceStreams(client);
    this.models = describe(client.read("/info").path("models"));
  }

  /** A service of the bench's own, which is stopped at the end. */
  static ServiceContestant of(String name, ServiceProcess process)
      throws IOException, InterruptedException {
    return new ServiceContestant(name, process, process.address());
  }

  /** A service that runs already. */
  static ServiceContestant at(URI address) throws IOException, InterruptedException {
    return new ServiceContestant("Diptych", null, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    return "over HTTP; " + models;
  }

  @Override
  public boolean takes(Workload workload) {
    return true;
  }

  @Override
  public Map<Measure, Double> run(Workload workload, Texts texts) throws Exception {
    return switch (workload) {
      case Workload.Decode decode -> streams.decode(decode, texts);
      case Workload.Chat chat -> streams.chat(chat);
      case Workload.ChatCompletions chats -> chatCompletions(chats);
      case Workload.Prefill prefill -> streams.prefill(prefill, texts);
      case Workload.ShortPromptUnderLoad load -> streams.shortPromptUnderLoad(load, texts);
      case Workload.Embed embed -> embed(embed, texts);
      case Workload.FillMask fillMask -> fillMask(fillMask, texts);
      case Workload.Ping ping ->
          loop(ping.clients(), ping.requestsPerClient())
              .run(
                  _ -> {
                    if (client.status("/ping") != 200) {
                      throw new IOException("/ping did not answer 200");
                    }
                    return 0;
                  });
    };
  }

  @Override
  public String closingRemark() {
    if (process == null) {
      return "";
    }
    try {
      return "%.1f s from start to ready, %d MB resident after the last round"
          .formatted(process.startSeconds(), process.memory().resident() >> 20);
    } catch (IOException e) {
      return "memory unknown: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    client.close();
    if (process != null) {
      process.close();
    }
  }

  private Map<Measure, Double> embed(Workload.Embed embed, Texts texts) throws Exception {
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (int i = 0; i < embed.clients() * embed.requestsPerClient(); i++) {
      bodies.add(Map.of("inputs", embed.lengths().stream().map(texts::encoderText).toList()));
    }
    return loop(embed.clients(), embed.requestsPerClient())
        .run(
            number ->
                client
                    .post("/embed", bodies.get(number))
                    .headers()
                    .firstValueAsLong("x-compute-tokens")
                    .orElseThrow());
  }

  private Map<Measure, Double> chatCompletions(Workload.ChatCompletions chats) throws Exception {
    return loop(chats.streams(), 1)
        .run(
            number -> {
              Map<String, Object> body = new HashMap<>();
              body.put(
                  "messages",
                  List.of(Map.of("role", "user", "content", "List animal number " + number)));
              body.put("max_tokens", chats.newTokens());
              body.put("temperature", 1);
              body.put("seed", number);
              body.put("ignore_eos", true);
              if (chats.shaped()) {
                body.put(
                    "response_format",
                    Map.of(
                        "type",
                        "json_schema",
                        "json_schema",
                        Map.of("name", "animals", "schema", Chats.SCHEMA)));
              }
              return JsonMapper.shared()
                  .readTree(client.post("/v1/chat/completions", body).body())
                  .path("usage")
                  .path("completion_tokens")
                  .longValue();
            });
  }

  private Map<Measure, Double> fillMask(Workload.FillMask fillMask, Texts texts) throws Exception {
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (int i = 0; i < fillMask.clients() * fillMask.requestsPerClient(); i++) {
      bodies.add(Map.of("inputs", texts.maskedText(fillMask.tokens())));
    }
    return loop(fillMask.clients(), fillMask.requestsPerClient())
        .run(
            number -> {
              client.post("/fill-mask", bodies.get(number));
              return 0;
            });
  }

  private static ClosedLoop loop(int clients, int requestsPerClient) {
    return new ClosedLoop(clients, requestsPerClient, Thread.ofVirtual().factory());
  }

  private static String describe(JsonNode models) {
    return models.properties().stream()
        .map(
            model ->
                "%s %s (%s)"
                    .formatted(
                        model.getKey(),
                        model.getValue().path("model_id").asString("off"),
                        model.getValue().path("model_dtype").asString("unknown")))
        .collect(Collectors.joining(", "));
  }
}
