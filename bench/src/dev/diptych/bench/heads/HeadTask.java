package dev.diptych.bench.heads;

import dev.diptych.bench.Texts;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What is asked of one model: the same number of texts of the same number of tokens each time. */
enum HeadTask {
  EMBED("vectors", "/embed") {
    @Override
    Map<String, Object> body(Texts texts) {
      return Map.of("inputs", inputs(texts));
    }
  },
  CLASSIFY("classes of texts", "/predict") {
    @Override
    Map<String, Object> body(Texts texts) {
      return Map.of("inputs", inputs(texts).stream().map(List::of).toList());
    }
  },
  RANK("texts for a query", "/rerank") {
    @Override
    Map<String, Object> body(Texts texts) {
      List<String> ranked =
          IntStream.range(0, TEXTS).mapToObj(_ -> texts.words(TOKENS - QUERY - SPECIAL)).toList();
      return Map.of("query", texts.words(QUERY), "texts", ranked);
    }
  },
  TAG("tags of words", "/token-classification") {
    @Override
    Map<String, Object> body(Texts texts) {
      return Map.of("inputs", inputs(texts));
    }
  };

  /** Texts of a request. */
  static final int TEXTS = 16;

  /** Tokens of a text, special ones included, or of a query and a text. */
  static final int TOKENS = 64;

  private static final int QUERY = 12;
  private static final int SPECIAL = 3; // of a pair

  private final String title;
  private final String path;

  HeadTask(String title, String path) {
    this.title = title;
    this.path = path;
  }

  String title() {
    return title;
  }

  String path() {
    return path;
  }

  abstract Map<String, Object> body(Texts texts);

  private static List<String> inputs(Texts texts) {
    return IntStream.range(0, TEXTS).mapToObj(_ -> texts.encoderText(TOKENS)).toList();
  }
}
