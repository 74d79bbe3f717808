package dev.diptych.bench;

/** What a number of a result says. */
public enum Measure {
  DECODE_RATE("decode", "tokens/s", true),
  TOKEN_RATE("throughput", "tokens/s", true),
  REQUEST_RATE("throughput", "requests/s", true),
  MEDIAN_LATENCY("p50", "ms", false),
  TAIL_LATENCY("p99", "ms", false),
  FIRST_TOKEN("first token", "ms", false),
  FIRST_TOKEN_ALONE("first token, idle service", "ms", false),
  DECODE_STEP("usual gap between tokens of a stream", "ms", false),
  LARGEST_GAP("largest gap between tokens of a stream", "ms", false),
  ANSWER_LENGTH("new tokens per answer", "tokens", true);

  private final String label;
  private final String unit;
  private final boolean higherIsBetter;

  Measure(String label, String unit, boolean higherIsBetter) {
    this.label = label;
    this.unit = unit;
    this.higherIsBetter = higherIsBetter;
  }

  String label() {
    return label;
  }

  String unit() {
    return unit;
  }

  /** How many times better {@code value} is than {@code other}; above 1 means better. */
  double ratio(double value, double other) {
    return higherIsBetter ? value / other : other / value;
  }
}
