package dev.diptych.tokenization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each of these definitions ends the process that gives it to the tokenizer library. */
class TokenizerDefinitionTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'decoder':'\\ud800'}",
        "{'model':{'vocab':{'a\\udc00':1}}}",
        "{'added_tokens':[{'content':'\\udc00\\ud800'}]}"
      })
  void refusesHalfASurrogatePairAnywhere(String definition) {
    assertRefused(definition, "half a surrogate pair");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'single':[{'SpecialToken':{'id':'[X]'}}]}          | `single` has a special token [X]
          {'pair':[{'SpecialToken':{'id':'e'}}]}              | `pair` has a special token e
          {'pair':[{'SpecialToken':{'id':'t'}}]}              | `pair` has a special token t
          {'single':[{'Sequence':{'id':'B'}}]}                | `single` has a text B
          """)
  void refusesATemplateOfWhatIsNotThere(String template, String message) {
    String whole =
        template.replaceFirst(
            "}$",
            ",'type':'TemplateProcessing','special_tokens':{'e':{'ids':[],'tokens':[]},'t':{'ids':[1,2],'tokens':['a']}}}");

    assertRefused("{'post_processor':%s}".formatted(whole), message);
    assertRefused(
        "{'post_processor':{'type':'Sequence','processors':[{'type':'ByteLevel'},%s]}}"
            .formatted(whole),
        message);
  }

  @Test
  void refusesMergesWithoutTheirPrefix() {
    assertRefused(
        "{'model':{'continuing_subword_prefix':'##','merges':[['a','##b'],['a','c']]}}",
        "`continuing_subword_prefix` is ##, but a merge goes on with c");
    assertRefused(
        "{'model':{'continuing_subword_prefix':'##','merges':['a c']}}", "goes on with c");
    assertAccepted("{'model':{'continuing_subword_prefix':'##','merges':[['a','##b'],'a ##b']}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'String':''},'content':'x'",
        "{'Regex':''},'content':'x'",
        "{'Regex':'a*'},'content':'x'"
      })
  void refusesToReplaceNothing(String replace) {
    assertRefused(
        "{'normalizer':{'type':'Sequence','normalizers':[{'type':'Replace','pattern':%s}]}}"
            .formatted(replace),
        "matches an empty text");
  }

  @Test
  void refusesATextThatGrowsWithoutMeasure() {
    assertRefused(
        "{'normalizer':{'type':'Replace','pattern':{'Regex':'.'},'content':'%s'}}"
            .formatted("x".repeat(101)),
        "more than 100 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(a+)+$", "(?:x|[ab]*)*b", "((a{2,})?b)+", "(a*){5,}", "(\\\\s+|b){1000}"})
  void refusesARepeatedRepetition(String regex) {
    assertRefused(
        "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'%s'}}}".formatted(regex),
        "repeats a repetition");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{M}]*[\\p{Ll}\\p{M}]+(?i:'s|'t)?|\\s+",
        "(ab)+|[(a+)]+|\\(a+\\)+",
        " {2,}"
      })
  void knowsThePatternsOfRealTokenizers(String regex) {
    assertThat(RepeatedRepetition.in(regex)).isFalse();
  }

  @Test
  void refusesToPrependNothingAndToStripWithoutMeasure() {
    assertRefused("{'normalizer':{'type':'Prepend','prepend':''}}", "nothing before a text");
    assertRefused(
        "{'decoder':{'type':'Strip','content':' ','start':1,'stop':9223372036854775808}}",
        "more than 1000 characters");
    assertAccepted("{'decoder':{'type':'Strip','content':' ','start':1,'stop':0}}");
    assertAccepted("{'normalizer':{'type':'Prepend','prepend':'_'}}");
  }

  @Test
  void refusesPiecesWithoutLength() {
    assertRefused("{'pre_tokenizer':{'type':'FixedLength','length':0}}", "at least 1");
  }

  @Test
  void followsTheTableOfPrecompiledCharacters() {
    int[] trie = new int[256];
    trie[0] = 'a' << 10 | 1 << 8; // children at 'a', the first of which is a leaf
    trie['a'] = 1 << 31 | 2;

    assertAccepted(normalizer(trie, "x\0y\0"));
    assertBroken(normalizer(trie, "x"));
    assertBroken(normalizer(trie, "xäy".substring(0, 2)));
    assertBroken(normalizer(new int[255], ""));
    trie[7] = 1 << 20;
    assertBroken(normalizer(trie, "x\0y\0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "/////w==", "*", "BQAAAAEBAQEB"})
  void refusesATableThatIsNone(String base64) {
    assertBroken(
        "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'%s'}}".formatted(base64));
  }

  private static String normalizer(int[] trie, String texts) {
    byte[] bytes = texts.getBytes(UTF_8);
    ByteBuffer table =
        ByteBuffer.allocate(4 + 4 * trie.length + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(4 * trie.length);
    for (int unit : trie) {
      table.putInt(unit);
    }
    table.put(bytes);
    return "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'%s'}}"
        .formatted(Base64.getEncoder().encodeToString(table.array()));
  }

  @Test
  void acceptsTheTokenizersOfEveryFamily() throws Exception {
    for (String name : List.of("bert", "roberta", "distilbert", "gpt2", "llama-tied", "qwen2")) {
      Path folder = Path.of("src/test/resources/checkpoints", name);
      TokenizerDefinition.check(TokenizerFiles.read(folder).definition().parts());
    }
  }

  private static void assertBroken(String definition) {
    assertRefused(definition, "`precompiled_charsmap` of a normalizer is broken");
  }

  private static void assertRefused(String definition, String message) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> TokenizerDefinition.check(json(definition)))
        .withMessageStartingWith("tokenizer.json: ")
        .withMessageContaining(message);
  }

  private static void assertAccepted(String definition) {
    assertThatCode(() -> TokenizerDefinition.check(json(definition))).doesNotThrowAnyException();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
