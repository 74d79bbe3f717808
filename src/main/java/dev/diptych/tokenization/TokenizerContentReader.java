package dev.diptych.tokenization;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Takes a {@code tokenizer.json} apart while it streams by, and copies its large parts. */
final class TokenizerContentReader {

  /** Most merges; the largest vocabularies have 600 000. */
  private static final int MAX_MERGES = 2 * Vocabulary.MAX_SIZE;

  private static final Set<String> SMALL =
      Set.of("normalizer", "pre_tokenizer", "post_processor", "decoder");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final JsonGenerator copy;
  private final Map<String, String> spellings;
  private final LimitedTree trees;
  private final Vocabulary vocabulary;
  private final List<AddedToken> added = new ArrayList<>();
  private final ObjectNode parts = JsonNodeFactory.instance.objectNode();
  private @Nullable String beginningOfSecondParts; // of all merges
  private final Set<String> seen = new HashSet<>();

  /**
   * A reader that copies to a generator.
   *
   * @param spellings other spellings of tokens; what merges make of their own is left out
   */
  TokenizerContentReader(Path file, JsonGenerator copy, Map<String, String> spellings) {
    this.file = file;
    this.copy = copy;
    this.spellings = spellings;
    this.trees = new LimitedTree(file);
    this.vocabulary = new Vocabulary(file);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  List<AddedToken> added() {
    return added;
  }

  ObjectNode parts() {
    return parts;
  }

  /** Takes a member of the file's object. */
  void member(String name, JsonParser value) throws IOException {
    boolean model = name.equals("model") && value.currentToken() == JsonToken.START_OBJECT;
    boolean tokens = name.equals("added_tokens") && value.currentToken() == JsonToken.START_ARRAY;
    if (!model && !tokens && !SMALL.contains(name)) {
      value.skipChildren();
      return;
    }
    if (!seen.add(name)) {
      throw invalid("has \"%s\" twice".formatted(name));
    }
    if (model) {
      copy.writeName(name);
      model(value);
    } else if (tokens) {
      copy.writeName(name);
      addedTokens(value);
    } else {
      parts.set(name, trees.read(value));
    }
  }

  private void model(JsonParser parser) throws IOException {
    ObjectNode small = parts.putObject("model");
    copy.writeStartObject();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      copy.writeName(name);
      JsonToken begin = parser.nextToken();
      if (name.equals("vocab") && begin == JsonToken.START_OBJECT) {
        ids(parser);
      } else if (name.equals("vocab") && begin == JsonToken.START_ARRAY) {
        pieces(parser);
      } else if (name.equals("merges") && begin == JsonToken.START_ARRAY) {
        merges(parser);
      } else {
        JsonNode value = trees.read(parser);
        if (name.equals("unk_token") && value.isString()) {
          value = JsonNodeFactory.instance.stringNode(spelled(value.stringValue()));
        }
        small.set(name, value);
        JSON.writeValue(copy, value);
      }
    }
    copy.writeEndObject();
    String prefix = small.path("continuing_subword_prefix").asString("");
    if (beginningOfSecondParts != null && !beginningOfSecondParts.startsWith(prefix)) {
      throw invalid(
          "has the `continuing_subword_prefix` %s, but a merge that goes on without it"
              .formatted(TokenizerDefinition.shortened(prefix)));
    }
  }

  /* BPE, WordPiece and WordLevel map tokens to ids. */
  private void ids(JsonParser parser) throws InvalidCheckpoint {
    copy.writeStartObject();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String token = spelled(parser.currentName());
      if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        throw invalid("gives the token \"%s\" no whole number".formatted(token));
      }
      int id = vocabulary.checked(token, parser.getNumberValue());
      vocabulary.add(token, id);
      copy.writeName(token);
      copy.writeNumber(id);
    }
    copy.writeEndObject();
  }

  /* Unigram lists [token, score] by id. */
  private void pieces(JsonParser parser) throws InvalidCheckpoint {
    copy.writeStartArray();
    int id = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean piece =
          parser.currentToken() == JsonToken.START_ARRAY
              && parser.nextToken() == JsonToken.VALUE_STRING;
      if (!piece) {
        throw invalid("has a vocabulary that does not list tokens with scores");
      }
      String token = spelled(whole(parser.getString()));
      if (!parser.nextToken().isNumeric()) {
        throw invalid("gives the token \"%s\" no score".formatted(token));
      }
      double score = parser.getDoubleValue();
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        throw invalid("gives the token \"%s\" more than a score".formatted(token));
      }
      vocabulary.add(token, vocabulary.checked(token, id++));
      copy.writeStartArray();
      copy.writeString(token);
      copy.writeNumber(score);
      copy.writeEndArray();
    }
    copy.writeEndArray();
  }

  /* "left right", or [left, right]. */
  private void merges(JsonParser parser) throws InvalidCheckpoint {
    copy.writeStartArray();
    int count = 0;
    String common = null;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (++count > MAX_MERGES) {
        throw invalid("has more than %d merges".formatted(MAX_MERGES));
      }
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        String merge = whole(parser.getString());
        int cut = merge.indexOf(' ');
        String second = merge.substring(cut + 1);
        common = common(common, second);
        if (isKept(merge.substring(0, Math.max(0, cut)), second)) {
          copy.writeString(merge);
        }
        continue;
      }
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw invalid("has a merge that is neither a string nor a pair of strings");
      }
      String first = part(parser);
      String second = part(parser);
      common = common(common, second);
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        throw invalid("has a merge that is not of two strings");
      }
      if (isKept(first, second)) {
        copy.writeStartArray();
        copy.writeString(first);
        copy.writeString(second);
        copy.writeEndArray();
      }
    }
    copy.writeEndArray();
    beginningOfSecondParts = common;
  }

  private String part(JsonParser parser) throws InvalidCheckpoint {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw invalid("has a merge that is not of two strings");
    }
    return whole(parser.getString());
  }

  private String spelled(String token) {
    return spellings.getOrDefault(token, token);
  }

  private boolean isKept(String first, String second) {
    return spellings.isEmpty()
        || (!spellings.containsKey(first)
            && !spellings.containsKey(second)
            && !spellings.containsKey(first + second));
  }

  private static String common(@Nullable String common, String text) {
    if (common == null) {
      return text;
    }
    int length = 0;
    while (length < Math.min(common.length(), text.length())
        && common.charAt(length) == text.charAt(length)) {
      length++;
    }
    return length == common.length() ? common : common.substring(0, length);
  }

  private static String whole(String text) throws InvalidCheckpoint {
    TokenizerDefinition.requireWholeCharacters(text);
    return text;
  }

  private void addedTokens(JsonParser parser) throws IOException {
    copy.writeStartArray();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode json = respelled(new LimitedTree(file).read(parser));
      AddedToken token = AddedToken.of(json);
      whole(token.content());
      JsonNode given = json.path("id");
      int id =
          vocabulary.checked(token.content(), given.isIntegralNumber() ? given.numberValue() : -1);
      vocabulary.add(token.content(), id);
      vocabulary.mark(id, token.special());
      added.add(token);
      JSON.writeValue(copy, json);
    }
    copy.writeEndArray();
  }

  /* Found wherever its new spelling stands, whatever is around it. */
  private JsonNode respelled(JsonNode token) {
    String spelling = spellings.get(token.path("content").stringValue(""));
    if (spelling != null && token instanceof ObjectNode object) {
      object.put("content", spelling);
      object.put("normalized", false);
      object.put("single_word", false);
    }
    return token;
  }

  private InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint("%s %s".formatted(file, problem));
  }
}
