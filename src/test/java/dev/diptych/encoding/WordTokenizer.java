package dev.diptych.encoding;

import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer of whole words in the manner of BERT: lower case, {@code [CLS] … [SEP]}, {@code
 * [MASK]}. Some words have BERT's ids; {@code w<id>} is the word of every other id; the rest falls
 * apart into letters.
 */
public class WordTokenizer implements Tokenizer {

  private static final Pattern TOKEN =
      Pattern.compile("\\[(?:CLS|SEP|MASK|PAD|UNK)]|w\\d+|[\\p{L}\\p{N}]+|[^\\s\\p{L}\\p{N}]");
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, String> words = new HashMap<>();

  public WordTokenizer() {
    Map.of("[PAD]", 0, "[UNK]", 100, "[CLS]", 101, "[SEP]", 102, "[MASK]", 103, ".", 1012)
        .forEach(this::put);
    Map.of("cat", 4937, "dog", 3899, "sat", 2938, "word", 2773, "the", 1996, "mat", 13523)
        .forEach(this::put);
    for (char letter = 'a'; letter <= 'z'; letter++) {
      put(String.valueOf(letter), 1037 + letter - 'a');
    }
  }

  private void put(String word, int id) {
    ids.put(word, id);
    words.put(id, word);
  }

  @Override
  public int vocabularySize() {
    return FakeEncoder.VOCABULARY;
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return encodeWithOffsets(text, addSpecialTokens).ids();
  }

  @Override
  public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
    Encoding one = encodeWithOffsets(first, false);
    Encoding two = encodeWithOffsets(second, false);
    List<int[]> tokens = new ArrayList<>(); // each id, segment, start, end, text, word
    if (addSpecialTokens) {
      tokens.add(new int[] {101, 0, -1, -1, -1, -1});
    }
    add(tokens, one, 0);
    if (addSpecialTokens) {
      tokens.add(new int[] {102, 0, -1, -1, -1, -1});
    }
    add(tokens, two, 1);
    if (addSpecialTokens) {
      tokens.add(new int[] {102, 1, -1, -1, -1, -1});
    }
    int[][] columns = new int[6][];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      columns[i] = tokens.stream().mapToInt(token -> token[column]).toArray();
    }
    return new Encoding(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]);
  }

  private static void add(List<int[]> tokens, Encoding text, int sequence) {
    for (int i = 0; i < text.tokens(); i++) {
      tokens.add(
          new int[] {
            text.ids()[i], sequence, text.starts()[i], text.ends()[i], sequence, text.words()[i]
          });
    }
  }

  @Override
  public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
    List<int[]> tokens = new ArrayList<>(); // each id, start, end, word
    if (addSpecialTokens) {
      tokens.add(new int[] {101, -1, -1, -1});
    }
    Matcher matcher = TOKEN.matcher(text);
    for (int word = 0; matcher.find(); word++) {
      OptionalInt id = id(matcher.group());
      if (id.isEmpty()) {
        id = id(matcher.group().toLowerCase(Locale.ROOT));
      }
      if (id.isPresent()) {
        tokens.add(new int[] {id.getAsInt(), matcher.start(), matcher.end(), word});
        continue;
      }
      for (int i = matcher.start(); i < matcher.end(); i = text.offsetByCodePoints(i, 1)) {
        String letter = Character.toString(text.codePointAt(i)).toLowerCase(Locale.ROOT);
        tokens.add(new int[] {id(letter).orElse(100), i, text.offsetByCodePoints(i, 1), word});
      }
    }
    if (addSpecialTokens) {
      tokens.add(new int[] {102, -1, -1, -1});
    }
    return new Encoding(
        tokens.stream().mapToInt(token -> token[0]).toArray(),
        new int[tokens.size()],
        tokens.stream().mapToInt(token -> token[1]).toArray(),
        tokens.stream().mapToInt(token -> token[2]).toArray(),
        tokens.stream().mapToInt(token -> token[1] < 0 ? -1 : 0).toArray(),
        tokens.stream().mapToInt(token -> token[3]).toArray());
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return Arrays.stream(ids)
        .filter(id -> !skipSpecialTokens || !isSpecial(id))
        .mapToObj(this::token)
        .collect(Collectors.joining(" "))
        .replace(" .", ".");
  }

  @Override
  public @Nullable String token(int id) {
    return words.getOrDefault(id, "w" + id);
  }

  @Override
  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    if (id != null) {
      return OptionalInt.of(id);
    }
    return token.matches("w\\d{1,5}")
        ? OptionalInt.of(Integer.parseInt(token.substring(1)))
        : OptionalInt.empty();
  }

  @Override
  public boolean isSpecial(int id) {
    return SPECIAL.contains(token(id));
  }

  @Override
  public OptionalInt maskId() {
    return OptionalInt.of(103);
  }

  @Override
  public OptionalInt paddingId() {
    return OptionalInt.of(0);
  }
}
