package dev.diptych.bench.heads;

import dev.diptych.bench.ClosedLoop;
import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import dev.diptych.bench.Measure;
import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.ServiceOptions;
import dev.diptych.bench.ServiceProcess;
import dev.diptych.bench.ServiceSettings;
import dev.diptych.bench.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Asks one encoder for vectors, and the same encoder with heads for classes, ranks and tags, in
 * turns. {@code bench/run --heads} starts it.
 */
final class HeadsBench {

  private static final String ENCODER = "all-minilm-l6-v2";
  private static final int CLIENTS = 16;
  private static final int REQUESTS = 2; // of each client in a round
  private static final int ROUNDS = 5;

  private HeadsBench() {}

  public static void main(String[] arguments) throws Exception {
    ServiceOptions options;
    try {
      options =
          ServiceOptions.parse(
              Stream.of(arguments).filter(argument -> !"--heads".equals(argument)).toList());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    Map<String, String> machine = Machine.describe(options.commit());
    Path log = options.jar().resolveSibling("heads.log");
    HeadsReport report = new HeadsReport(Instant.now(), machine, CLIENTS);
    try (ServiceProcess process = ServiceProcess.start(options.jar(), settings(options), log);
        ServiceClient client = new ServiceClient(process.address())) {
      round(client, REQUESTS); // warms up
      for (int round = 0; round < ROUNDS; round++) {
        Map<HeadTask, Double> rates = round(client, REQUESTS);
        report.add(rates);
        System.out.println(rates);
      }
    }
    System.out.println("\n" + report.markdown());
    Files.writeString(
        Files.createDirectories(options.results()).resolve("heads.json"), report.json());
    if (options.document() != null) {
      MarkedSection.replace(options.document(), "heads", report.markdown());
    }
  }

  private static ServiceSettings settings(ServiceOptions options) throws IOException {
    Path encoder = options.settings().store().resolve(ENCODER);
    Path folder = options.jar().resolveSibling("heads");
    return options
        .settings()
        .withModel("generate", "")
        .withModel("fill-mask", "")
        .withModel("embed", ENCODER)
        .withModel(
            "classify", write("classifier", "BertForSequenceClassification", 3, encoder, folder))
        .withModel("rank", write("ranker", "BertForSequenceClassification", 1, encoder, folder))
        .withModel("tag", write("tagger", "BertForTokenClassification", 9, encoder, folder));
  }

  private static String write(
      String name, String architecture, int labels, Path encoder, Path folder) throws IOException {
    return new HeadedCheckpoint(name, architecture, labels).write(encoder, folder).toString();
  }

  /** Texts per second of each task. */
  private static Map<HeadTask, Double> round(ServiceClient client, int requests) throws Exception {
    Map<HeadTask, Double> rates = new EnumMap<>(HeadTask.class);
    for (HeadTask task : HeadTask.values()) {
      Texts texts = new Texts(task.path().length());
      List<Map<String, Object>> bodies =
          Stream.generate(() -> task.body(texts)).limit((long) CLIENTS * requests).toList();
      Map<Measure, Double> measures =
          new ClosedLoop(CLIENTS, requests, Thread.ofVirtual().factory())
              .run(
                  number -> {
                    client.post(task.path(), bodies.get(number));
                    return 0;
                  });
      rates.put(task, measures.getOrDefault(Measure.REQUEST_RATE, 0.0) * HeadTask.TEXTS);
    }
    return rates;
  }
}
