package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.tokenization.template.PlaceMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ControlTokensTests {

  private static final Tokenizers TOKENIZERS = new Tokenizers();
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz_<|>/[]0123\u2581";
  private static final List<String> SPECIAL =
      List.of("<s>", "</s>", "<unk>", "<|end|>", "[INST]", "~", "<a>b");
  private static final List<String> OWN = List.of("<s>", "</s>", "<|end|>", "[INST]", "<a>b");

  @TempDir private static Path folders;

  @AfterAll
  static void close() {
    TOKENIZERS.close();
  }

  static Stream<String> kinds() {
    return Stream.of(
        "bytes",
        "prepending",
        "metaspace first",
        "metaspace always",
        "unigram",
        "stripping",
        "normalized",
        "merged");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void textsOfOthersNeverBecomeControlTokens(String kind) throws IOException {
    Tokenizer tokenizer = tokenizer(kind);
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of());
    Random random = new Random(kind.hashCode());
    for (int i = 0; i < 300; i++) {
      String own = OWN.get(random.nextInt(OWN.size()));
      String hostile = text(random, true) + String.join("", SPECIAL) + text(random, true);
      String rendered =
          own + "a" + tokens.marked(hostile) + tokens.marked(text(random, true)) + own;
      int[] ids = tokens.encode(rendered);
      int[] harmless = tokens.encode(own + "ab" + own);

      assertThat(specialIds(tokenizer, ids))
          .as(rendered)
          .isEqualTo(specialIds(tokenizer, harmless));
      assertThat(specialIds(tokenizer, ids)).hasSize(2);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void allOtherTokensAreThoseOfTheWholeText(String kind) throws IOException {
    Tokenizer tokenizer = tokenizer(kind);
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of());
    Random random = new Random(kind.hashCode());
    int marked = 0;
    for (int i = 0; i < 300; i++) {
      StringBuilder rendered = new StringBuilder();
      for (int part = random.nextInt(4); part >= 0; part--) {
        rendered.append(random.nextBoolean() ? SPECIAL.get(random.nextInt(SPECIAL.size())) : " ");
        rendered.append(text(random, false));
        if (random.nextBoolean()) {
          rendered.append("q").append(PlaceMark.BREAK.character()).append("q");
          marked++;
        }
      }
      String whole = rendered.toString();

      assertThat(tokens.encode(whole))
          .as(whole)
          .isEqualTo(tokenizer.encode(ControlTokens.unmarked(whole), false));
    }
    assertThat(marked).isGreaterThan(100);
  }

  @Test
  void aTextOfBytesIsWhatItWasInItsTokens() throws IOException {
    Tokenizer tokenizer = tokenizer("bytes");
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of());
    String hostile = " x</s>\n<|end|><|end|><s[<a>b]<s>>";

    assertThat(tokenizer.decode(tokens.encode("<s>" + tokens.marked(hostile) + "</s>"), false))
        .isEqualTo("<s>" + hostile + "</s>");
  }

  @Test
  void marksNothingWhereNothingIsSpelled() throws IOException {
    ControlTokens tokens = new ControlTokens(tokenizer("bytes"), _ -> false, List.of());
    String text = "if (a < b && c > d) { x[INSTANCE]; } // \ud83d\udc00 \ud83d\udc01 </ s>";

    assertThat(tokens.marked(text)).isEqualTo(text);
    assertThat(ControlTokens.unmarked(text)).isEqualTo(text);
  }

  @Test
  void findsTokensThatTwoTextsOrACutWouldMake() throws IOException {
    Tokenizer tokenizer = tokenizer("bytes");
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of("/no_think", "/think"));
    String cut = tokens.marked("<|en/thinkd|> <|/no_/thinkthinkend|>");
    String rest = cut.replace("/no_think", "").replace("/think", "").strip();

    assertThat(special(tokenizer, tokens, rest)).isEmpty();
    for (int at = 1; at < "<|end|>".length(); at++) {
      String first = tokens.marked("x<|end|>".substring(0, at + 1));
      String second = tokens.marked("<|end|>x".substring(at));
      assertThat(special(tokenizer, tokens, first + second)).as(first + second).isEmpty();
    }
  }

  @Test
  void marksTextsInsideOfValues() throws IOException {
    Tokenizer tokenizer = tokenizer("bytes");
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of());
    Object value =
        Map.of("<s>", List.of(1, true, "</s>", JsonMapper.shared().readTree("{\"~\":[\"<s>\"]}")));

    assertThat(special(tokenizer, tokens, String.valueOf(tokens.marked(value)))).isEmpty();
  }

  @Test
  void aLoneSurrogateIsNoMark() throws IOException {
    Tokenizer tokenizer = tokenizer("bytes");
    ControlTokens tokens = new ControlTokens(tokenizer, _ -> false, List.of());

    assertThat(tokens.marked("a" + PlaceMark.BREAK.character() + "b")).isEqualTo("a\ufffdb");
  }

  private static List<Integer> special(Tokenizer tokenizer, ControlTokens tokens, String text) {
    return specialIds(tokenizer, tokens.encode(text));
  }

  /* But for the unknown token, which stands for what is no text either. */
  private static List<Integer> specialIds(Tokenizer tokenizer, int[] ids) {
    List<Integer> special = new ArrayList<>();
    Arrays.stream(ids)
        .filter(id -> tokenizer.isSpecial(id) && id != SPECIAL.indexOf("<unk>"))
        .forEach(special::add);
    return special;
  }

  private static String text(Random random, boolean hostile) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int kind = random.nextInt(hostile ? 4 : 3);
      text.append(
          switch (kind) {
            case 0 -> " ".repeat(random.nextInt(3));
            case 3 -> SPECIAL.get(random.nextInt(SPECIAL.size()));
            default -> String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
          });
    }
    String made = text.toString();
    return hostile || SPECIAL.stream().noneMatch(made::contains) ? made : "harmless";
  }

  private static Tokenizer tokenizer(String kind) throws IOException {
    Path folder = folders.resolve(kind.replace(' ', '-'));
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve("tokenizer.json"), definition(kind).toString());
    }
    return TOKENIZERS.open(folder);
  }

  private static ObjectNode definition(String kind) {
    ObjectNode definition = JsonMapper.shared().createObjectNode();
    ArrayNode added = definition.putArray("added_tokens");
    int id = 0;
    for (String token : SPECIAL) {
      ObjectNode entry = added.addObject();
      entry.put("id", id++).put("content", token).put("special", true);
      entry.put("lstrip", kind.equals("stripping")).put("rstrip", kind.equals("stripping"));
      entry.put("normalized", kind.equals("normalized"));
      entry.put("single_word", false);
    }
    ObjectNode model = definition.putObject("model");
    if (kind.equals("unigram")) {
      model.put("type", "Unigram").put("unk_id", 2);
      ArrayNode pieces = model.putArray("vocab");
      SPECIAL.forEach(token -> pieces.addArray().add(token).add(0.0));
      ALPHABET.chars().forEach(c -> piece(pieces, Character.toString(c), -5));
      List.of("\u2581a", "qq", "ab", "s>").forEach(piece -> piece(pieces, piece, -3));
    } else {
      model.put("type", "BPE").put("unk_token", "<unk>");
      model.put("fuse_unk", false);
      ObjectNode vocabulary = model.putObject("vocab");
      SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
      ALPHABET.replace("~", "").chars().forEach(c -> entry(vocabulary, Character.toString(c)));
      List.of("\u0120", "\u010a", "~x").forEach(token -> entry(vocabulary, token));
      ArrayNode merges = model.putArray("merges");
      merge(vocabulary, merges, "q", "q");
      merge(vocabulary, merges, "\u2581", "a");
      merge(vocabulary, merges, "s", ">");
      if (kind.equals("merged")) {
        merge(vocabulary, merges, "<", "s>");
        merge(vocabulary, merges, "<s>", "a");
      }
    }
    steps(definition, kind);
    return definition;
  }

  private static void piece(ArrayNode pieces, String piece, double score) {
    pieces.addArray().add(piece).add(score);
  }

  private static void entry(ObjectNode vocabulary, String token) {
    if (!vocabulary.has(token)) {
      vocabulary.put(token, vocabulary.size());
    }
  }

  private static void merge(ObjectNode vocabulary, ArrayNode merges, String first, String second) {
    entry(vocabulary, first + second);
    merges.add(first + " " + second);
  }

  private static void steps(ObjectNode definition, String kind) {
    String replace = "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}";
    String prepend =
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"\u2581\"},"
            + replace
            + "]}";
    String metaspace =
        "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"%s\",\"split\":true}";
    String normalizer =
        switch (kind) {
          case "prepending", "stripping" -> prepend;
          case "normalized" -> "{\"type\":\"NFC\"}";
          default -> "null";
        };
    String preTokenizer =
        switch (kind) {
          case "metaspace first" -> metaspace.formatted("first");
          case "metaspace always", "unigram", "merged" -> metaspace.formatted("always");
          case "bytes" ->
              "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";
          default -> "null";
        };
    String decoder =
        kind.equals("bytes")
            ? "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}"
            : "null";
    definition.set("normalizer", Checkpoints.parsed(normalizer));
    definition.set("pre_tokenizer", Checkpoints.parsed(preTokenizer));
    definition.set("decoder", Checkpoints.parsed(decoder));
  }
}
