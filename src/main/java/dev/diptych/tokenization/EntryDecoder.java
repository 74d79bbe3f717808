package dev.diptych.tokenization;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Joins entries of a vocabulary, and pieces of text among them, as the {@code decoder} of {@code
 * tokenizer.json} does: what {@code convert_tokens_to_string} of transformers gives.
 */
sealed interface EntryDecoder {

  /** The text of entries that follow each other. */
  String joined(List<String> entries);

  /** That of a tokenizer. */
  static EntryDecoder of(JsonNode decoder) {
    List<JsonNode> steps = TextSteps.steps(decoder, "decoders");
    for (JsonNode step : steps) {
      switch (TextSteps.type(step)) {
        case "WordPiece" -> {
          return new WordPieces(
              step.path("prefix").stringValue("##"), step.path("cleanup").booleanValue(true));
        }
        case "BPEDecoder" -> {
          return new Suffixed(step.path("suffix").stringValue("</w>"));
        }
        case "ByteLevel" -> {
          return new Spelled(Spelling.BYTES, false);
        }
        default -> {}
      }
    }
    boolean dropsFirst =
        steps.stream()
            .anyMatch(
                step ->
                    TextSteps.type(step).equals("Strip")
                        || (TextSteps.type(step).equals("Metaspace")
                            && !step.path("prepend_scheme").stringValue("always").equals("never")));
    return steps.isEmpty() ? new Apart() : new Spelled(TextSteps.spelling(steps), dropsFirst);
  }

  /** Entries with a space between them, as there is no decoder. */
  record Apart() implements EntryDecoder {

    @Override
    public String joined(List<String> entries) {
      return String.join(" ", entries);
    }
  }

  /**
   * Words with a space between them; an entry with the prefix goes on with the one before it.
   *
   * @param cleansUp whether spaces before punctuation and contractions go
   */
  record WordPieces(String prefix, boolean cleansUp) implements EntryDecoder {

    @Override
    public String joined(List<String> entries) {
      return IntStream.range(0, entries.size())
          .mapToObj(
              i -> {
                String entry = entries.get(i);
                String text =
                    i == 0
                        ? entry
                        : entry.startsWith(prefix) ? entry.substring(prefix.length()) : " " + entry;
                return cleansUp ? SpaceCleanUp.applyToWord(text) : text;
              })
          .collect(Collectors.joining());
    }
  }

  /** Entries whose suffix ends a word. */
  record Suffixed(String suffix) implements EntryDecoder {

    @Override
    public String joined(List<String> entries) {
      return IntStream.range(0, entries.size())
          .mapToObj(i -> entries.get(i).replace(suffix, i == entries.size() - 1 ? "" : " "))
          .collect(Collectors.joining());
    }
  }

  /**
   * Entries that spell bytes or spaces.
   *
   * @param dropsFirst whether the text loses the space that the first entry begins with
   */
  record Spelled(Spelling spelling, boolean dropsFirst) implements EntryDecoder {

    @Override
    public String joined(List<String> entries) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      entries.forEach(entry -> bytes.writeBytes(spelling.bytes(entry)));
      String text = bytes.toString(StandardCharsets.UTF_8);
      return dropsFirst && text.startsWith(" ") ? text.substring(1) : text;
    }
  }
}
