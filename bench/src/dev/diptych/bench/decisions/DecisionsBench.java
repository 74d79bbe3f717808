package dev.diptych.bench.decisions;

import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.ServiceOptions;
import dev.diptych.bench.ServiceProcess;
import dev.diptych.bench.ServiceSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts labelled questions to the default decoder, in one to four orders of the options, and to both
 * default encoders, and times five questions about one text. {@code bench/run --decisions} starts
 * it.
 */
final class DecisionsBench {

  private static final List<Integer> ROTATIONS = List.of(1, 2, 4);
  private static final int USUAL = 2;
  private static final List<String> ENCODERS = List.of("bert-base-uncased", "all-minilm-l6-v2");
  private static final Path ITEMS = Path.of("bench/decisions/items.json");
  private static final Path ANSWERS = Path.of("docs/decisions-by-both-halves.md");

  private DecisionsBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    ServiceOptions options;
    try {
      options =
          ServiceOptions.parse(
              Stream.of(arguments).filter(argument -> !"--decisions".equals(argument)).toList());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    DecisionsReport report = new DecisionsReport(Instant.now(), Machine.describe(options.commit()));
    List<LabelledItem> items = LabelledItem.read(ITEMS);
    for (int rotations : ROTATIONS) {
      Path log = options.jar().resolveSibling("decisions-%d.log".formatted(rotations));
      ServiceSettings settings =
          new ServiceSettings(
              Stream.concat(
                      options.settings().arguments().stream(),
                      Stream.of("--diptych.decisions.rotations=" + rotations))
                  .toList());
      try (ServiceProcess process = ServiceProcess.start(options.jar(), settings, log);
          ServiceClient client = new ServiceClient(process.address())) {
        compare(
            client, items.subList(0, 4), rotations, new DecisionsReport(Instant.now(), Map.of()));
        compare(client, items, rotations, report);
        if (rotations == USUAL) {
          FiveQuestions five = new FiveQuestions(client);
          report.add(five.ask("decoder"));
          for (String encoder : ENCODERS) {
            report.add(five.ask(encoder));
          }
        }
      }
    }
    System.out.println(report.answers() + "\n" + report.times());
    if (options.document() != null) {
      MarkedSection.replace(ANSWERS, "answers", report.answers());
      MarkedSection.replace(options.document(), "decisions", report.times());
    }
  }

  private static void compare(
      ServiceClient client, List<LabelledItem> items, int rotations, DecisionsReport report)
      throws IOException, InterruptedException {
    for (String encoder : ENCODERS) {
      boolean isFirst = encoder.equals(ENCODERS.getFirst());
      if (!isFirst && rotations != USUAL) {
        continue; // an encoder has no order
      }
      for (LabelledItem item : items) {
        JsonNode answer =
            JsonMapper.shared().readTree(client.post("/compare", item.body(encoder)).body());
        if (isFirst) {
          String decoder =
              "%s, %d %s"
                  .formatted(
                      answer.at("/decoder/model").stringValue(),
                      rotations,
                      rotations == 1 ? "order" : "orders");
          add(report, decoder, item, answer, "decoder");
        }
        if (rotations == USUAL) {
          String side = encoder + " (%s)".formatted(answer.at("/encoder/how").stringValue());
          add(report, side, item, answer, "encoder");
        }
      }
    }
  }

  private static void add(
      DecisionsReport report, String side, LabelledItem item, JsonNode answer, String half) {
    report
        .tally(side, item.kind())
        .add(
            item.judge(answer.at("/answers/q/" + half)),
            answer.at("/" + half + "/milliseconds").doubleValue());
  }
}
