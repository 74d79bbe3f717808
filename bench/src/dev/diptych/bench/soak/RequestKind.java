package dev.diptych.bench.soak;

import java.util.random.RandomGenerator;

/** What a request of the load is. */
enum RequestKind {
  LARGEST("the largest of each kind, at the beginning", 0),
  ANSWER("answers", 20),
  STREAM("streamed answers", 25),
  CANCELLED_STREAM("streams that the client leaves", 15),
  EMBED("texts to embed", 25),
  FILL_MASK("texts with a mask", 12),
  BAD("bad requests", 3);

  private static final int ALL = 100;

  private final String label;
  private final int percent;

  RequestKind(String label, int percent) {
    this.label = label;
    this.percent = percent;
  }

  String label() {
    return label;
  }

  /** Draws one, each as often as its share says. */
  static RequestKind draw(RandomGenerator random) {
    int rest = random.nextInt(ALL);
    for (RequestKind kind : values()) {
      rest -= kind.percent;
      if (rest < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("the shares do not add up to " + ALL);
  }
}
