package dev.diptych.bench.siege;

import dev.diptych.bench.Texts;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a well-behaved client asks for. */
enum GoodKind {
  GENERATE("answers of 32 tokens to 50 words", "/generate") {
    @Override
    Object body(Texts texts) {
      return Map.of("inputs", texts.words(50), "parameters", Map.of("max_new_tokens", 32));
    }
  },
  EMBED("4 texts of 30 words to embed", "/embed") {
    @Override
    Object body(Texts texts) {
      return Map.of("inputs", IntStream.range(0, 4).mapToObj(_ -> texts.words(30)).toList());
    }
  },
  FILL_MASK("a text of 12 tokens with a mask", "/fill-mask") {
    @Override
    Object body(Texts texts) {
      return Map.of("inputs", List.of(texts.maskedText(12)));
    }
  };

  private final String label;
  private final String path;

  GoodKind(String label, String path) {
    this.label = label;
    this.path = path;
  }

  String label() {
    return label;
  }

  String path() {
    return path;
  }

  abstract Object body(Texts texts);
}
