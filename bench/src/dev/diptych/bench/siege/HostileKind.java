package dev.diptych.bench.siege;

import static dev.diptych.bench.siege.HostileConnections.ask;
import static dev.diptych.bench.siege.HostileConnections.askSlowly;
import static dev.diptych.bench.siege.HostileConnections.holdBack;
import static dev.diptych.bench.siege.HostileConnections.leave;
import static dev.diptych.bench.siege.HostileConnections.leaveAndWait;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a hostile client does: the connections of one attack, and what it does over each. */
enum HostileKind {
  MASKS("2048 masks in one request", 2, () -> ask("/fill-mask", HostileBodies.masks())),
  CANDIDATES(
      "the whole vocabulary for two masks of a long text",
      1,
      () -> ask("/fill-mask", HostileBodies.candidates())),
  SLOW_CANDIDATES(
      "the same, read slowly", 2, () -> askSlowly("/fill-mask", HostileBodies.candidates())),
  TARGETS("165 000 targets", 2, () -> ask("/fill-mask", HostileBodies.targets())),
  TOKENS("two million tokens", 2, () -> ask("/tokenize", HostileBodies.manyTokens())),
  SLOW_TOKENS(
      "two million tokens, read slowly",
      3,
      () -> askSlowly("/tokenize", HostileBodies.manyTokens())),
  IDS("400 000 token ids to decode", 2, () -> ask("/decode", HostileBodies.manyIds())),
  SLOW_VECTORS(
      "vectors of all tokens, read slowly",
      16,
      () -> askSlowly("/embed_all", HostileBodies.allTokenVectors())),
  LONG_SENTENCES(
      "similarities of long texts", 2, () -> ask("/similarity", HostileBodies.longSentences())),
  COMBINING_PROMPT(
      "a prompt of 1.9 MB without a space",
      2,
      () -> ask("/generate", HostileBodies.combiningPrompt())),
  DIGITS_PROMPT(
      "a prompt of 1.9 MB of digits", 2, () -> ask("/generate", HostileBodies.digitsPrompt())),
  TREES(
      "unfinished bodies of nested objects",
      4,
      () -> holdBack("/embed", HostileBodies.trees(), HostileBodies.LARGEST)),
  FINISHED_TREES("nested objects", 4, () -> ask("/embed", HostileBodies.trees())),
  STRINGS(
      "unfinished bodies of 1.9 MB",
      32,
      () ->
          holdBack(
              "/generate",
              HostileBodies.text(HostileBodies.LARGEST - 1000),
              HostileBodies.LARGEST)),
  SMALL_STRINGS(
      "unfinished bodies of 2 KB",
      500,
      () -> holdBack("/generate", HostileBodies.text(2000), 5000)),
  SLOW_HEADS("heads sent line by line", 500, HostileConnections::slowHead),
  SILENT("connections that say nothing", 500, HostileConnections::silence),
  SLOW_STREAM(
      "streams with much beside each token, read slowly",
      4,
      () -> askSlowly("/generate_stream", HostileBodies.detailedAnswer())),
  DEPARTED_GENERATE(
      "answers of 8000 tokens that nobody waits for",
      32,
      () -> leaveAndWait("/generate", HostileBodies.endlessAnswer())),
  DEPARTED_STREAM(
      "streams of 8000 tokens that nobody reads",
      32,
      () -> leaveAndWait("/generate_stream", HostileBodies.endlessAnswer())),
  DEPARTED_EMBED(
      "vectors of long texts that nobody waits for",
      16,
      () -> leave("/embed", HostileBodies.allTokenVectors())),
  DEPARTED_FILL_MASK(
      "masks that nobody waits for", 16, () -> leave("/fill-mask", HostileBodies.masks())),
  STOPS(
      "stop sequences of 60 KB that nearly match",
      1,
      () -> ask("/generate", HostileBodies.nearlyMatchingStops(30_000, 10_000))),
  LONG_STOPS(
      "stop sequences of 450 KB that nearly match",
      1,
      () -> ask("/generate", HostileBodies.nearlyMatchingStops(200_000, 80_000))),
  NAMES("a body of 165 000 names", 2, () -> ask("/generate", HostileBodies.names())),
  FORM(
      "forms of 300 000 fields",
      4,
      () -> ask("PUT", "/health", "application/x-www-form-urlencoded", HostileBodies.form()));

  private final String label;
  private final int connections;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Supplier<HostileConnections.Exchange> exchange;

  HostileKind(String label, int connections, Supplier<HostileConnections.Exchange> exchange) {
    this.label = label;
    this.connections = connections;
    this.exchange = exchange;
  }

  String label() {
    return label;
  }

  /** As a command line writes it, such as {@code slow-tokens}. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  void attack(HostileConnections by) throws InterruptedException {
    by.together(connections, exchange.get());
  }

  /** The kinds that a list names, such as {@code masks,trees}. */
  static List<HostileKind> parse(String list) {
    return Arrays.stream(list.split(",", -1)).map(HostileKind::named).toList();
  }

  private static HostileKind named(String option) {
    return Arrays.stream(values())
        .filter(kind -> kind.option().equals(option))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No kind %s; there are %s"
                        .formatted(
                            option,
                            Arrays.stream(values())
                                .map(HostileKind::option)
                                .collect(Collectors.joining(", ")))));
  }
}
