package dev.diptych.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ChatAnswerTests {

  private static final List<Tool> TOOLS =
      List.of(
          new Tool(
              "weather",
              null,
              JsonMapper.shared().readTree("{\"properties\":{\"zip\":{\"type\":\"string\"}}}")),
          new Tool("clock", null, null));
  private static final Reading WHOLE = new Reading(true, false);
  private static final Reading LIVE = new Reading(true, true);

  @Test
  void readsCallsOfHermes() {
    assertThat(
            read(
                ToolCallFormat.HERMES,
                """
                Let me look.
                <tool_call>
                {"name": "weather", "arguments": {"city": "Oslo <tool_call>", "days": [1, 2.5e3, null]}}
                </tool_call>
                <tool_call>
                {"arguments": {}, "name": "clock"}
                </tool_call>\
                """))
        .isEqualTo(
            "say[Let me look.] call0[weather {\"city\": \"Oslo <tool_call>\", \"days\": [1, 2.5e3,"
                + " null]}] call1[clock {}]");
  }

  @Test
  void readsCallsOfLlama3() {
    assertThat(
            read(
                ToolCallFormat.LLAMA3,
                "{\"name\": \"weather\", \"parameters\": {\"city\": \"Oslo\"}}"))
        .isEqualTo("call0[weather {\"city\": \"Oslo\"}]");
    assertThat(
            read(
                ToolCallFormat.LLAMA3,
                "\n"
                    + "{\"type\": \"function\", \"name\": \"weather\", \"parameters\": {}};"
                    + " {\"name\": \"clock\", \"parameters\": {}}"))
        .isEqualTo("call0[weather {}] call1[clock {}]");
    assertThat(
            read(
                ToolCallFormat.LLAMA3,
                "<|python_tag|>{\"name\": \"other\", \"parameters\": {\"a\": 1}}"))
        .isEqualTo("call0[other {\"a\": 1}]");
  }

  @Test
  void readsCallsOfMistral() {
    assertThat(
            read(
                ToolCallFormat.MISTRAL,
                "[TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"a\": 1}, \"id\":"
                    + " \"123456789\"}, {\"name\": \"clock\", \"arguments\": {}}]"))
        .isEqualTo("call0[weather {\"a\": 1}] call1[clock {}]");
    assertThat(
            read(
                ToolCallFormat.MISTRAL_NAMED,
                "Well.[TOOL_CALLS]weather[CALL_ID]123456789[ARGS]{\"a\":"
                    + " 1}[TOOL_CALLS]clock[ARGS]{}"))
        .isEqualTo("say[Well.] call0[weather {\"a\": 1}] call1[clock {}]");
  }

  @Test
  void readsCallsInTagsAsNewerQwenModelsWriteThem() {
    assertThat(
            read(
                ToolCallFormat.HERMES,
                """
                Well.
                <tool_call>
                <function=weather>
                <parameter=city>
                Oslo <b> "x"
                </parameter>
                <parameter=days>
                3
                </parameter>
                <parameter=zip>
                0150
                </parameter>
                <parameter=place>{"a": [1]}</parameter>
                </function>
                </tool_call>
                <tool_call><function=clock></function></tool_call>\
                """))
        .isEqualTo(
            "say[Well.] call0[weather {\"city\":\"Oslo <b>"
                + " \\\"x\\\"\",\"days\":3,\"zip\":\"0150\",\"place\":{\"a\":[1]}}] call1[clock"
                + " {}]");
    for (String broken :
        List.of(
            "<tool_call><function=></function></tool_call>",
            "<tool_call><func=clock></function></tool_call>",
            "<tool_call><function=clock><parameter>1</parameter></function></tool_call>",
            "<tool_call><function=clock>x</function></tool_call>",
            "<tool_call><function=clock><parameter=a>1")) {
      assertThat(read(ToolCallFormat.HERMES, broken)).isEqualTo("say[" + broken + "]");
    }
  }

  @Test
  void readsMarksThatAreSpecialTokens() {
    ChatAnswer answer = answer(ToolCallFormat.MISTRAL, prompt(false, ""), WHOLE);
    List<ChatPart> parts = new ArrayList<>(answer.special("[TOOL_CALLS]"));
    parts.addAll(answer.text("[{\"name\": \"clock\", \"arguments\": {}}]"));
    parts.addAll(answer.special("</s>"));
    parts.addAll(answer.finish());

    assertThat(written(parts)).isEqualTo("call0[clock {}]");
    assertThat(answer.hasCalls()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>",
        "<tool_call>\nno json\n</tool_call>",
        "<tool_call>{'name': 'weather', 'arguments': {}}</tool_call>",
        "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\": }}</tool_call>",
        "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\": 1",
        "<tool_call>{\"name\": \"weather\", \"arguments\": [1]}</tool_call>",
        "<tool_call>{\"name\": 3, \"arguments\": {}}</tool_call>",
        "<tool_call>{\"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\": 01}}</tool_call>",
        "<tool_call>[]</tool_call>",
        "a < b <tool <tool_cal",
        "  \n x  <  ",
      })
  void givesBackAsContentWhatIsNoCall(String text) {
    assertThat(read(ToolCallFormat.HERMES, text)).isEqualTo("say[" + text + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"unheard\", \"parameters\": {}}",
        "{\"name\": \"Oslo\", \"people\": 700000}",
        "{\"people\": 700000}",
        "Use {\"name\": \"clock\", \"parameters\": {}}",
        "<|python_tag|>clock.call(now=\"1\")",
        "{",
        "[{\"name\": \"clock\", \"parameters\": {}}]"
      })
  void takesJsonForACallOnlyWhereItIsOne(String text) {
    assertThat(read(ToolCallFormat.LLAMA3, text)).isEqualTo("say[" + text + "]");
  }

  @Test
  void forgivesWhatIsClear() {
    assertThat(
            read(
                ToolCallFormat.HERMES,
                "<tool_call>{\"name\": \"weather\", \"arguments\": {\"a\": 1}</tool_call> Done."))
        .isEqualTo("call0[weather {\"a\": 1}] say[ Done.]");
    assertThat(
            read(
                ToolCallFormat.HERMES,
                "<tool_call>{\"name\": \"weather\", \"arguments\": \"{\\\"a\\\":"
                    + " 1}\"}</tool_call>"))
        .isEqualTo("call0[weather {\"a\": 1}]");
    assertThat(
            read(
                ToolCallFormat.HERMES,
                "<tool_call><tool_call>{\"name\": \"clock\"}\n"
                    + "<tool_call>[{\"name\": \"clock\", \"arguments\": null}]"))
        .isEqualTo("say[<tool_call>] call0[clock {}] call1[clock {}]");
  }

  @Test
  void keepsTheCallsBeforeABrokenOne() {
    assertThat(
            read(
                ToolCallFormat.MISTRAL,
                "[TOOL_CALLS][{\"name\": \"clock\", \"arguments\": {}}, {\"name\": oops"))
        .isEqualTo("call0[clock {}] say[, {\"name\": oops]");
  }

  @Test
  void tellsThoughtsFromContent() {
    assertThat(read(ToolCallFormat.HERMES, "\n<think>\nHm.\nWell.\n</think>\n\nYes. <think>"))
        .isEqualTo("think[Hm.\nWell.] say[Yes. <think>]");
    assertThat(read(ToolCallFormat.HERMES, "Yes. <think>No</think>"))
        .isEqualTo("say[Yes. <think>No</think>]");
    assertThat(read(ToolCallFormat.HERMES, "<think></think>")).isEmpty();
    assertThat(read(ToolCallFormat.HERMES, "<think>cut </thi")).isEqualTo("think[cut </thi]");
    assertThat(
            read(
                ToolCallFormat.HERMES,
                "<think>I call <tool_call>.</think>\n<tool_call>{\"name\": \"clock\"}</tool_call>"))
        .isEqualTo("think[I call <tool_call>.] call0[clock {}]");
  }

  @Test
  void beginsInsideAThoughtThatThePromptOpened() {
    ChatAnswer answer = answer(ToolCallFormat.HERMES, prompt(true, ""), WHOLE);
    List<ChatPart> parts = new ArrayList<>(answer.text("Hm.</think>Yes"));
    parts.addAll(answer.finish());

    assertThat(written(parts)).isEqualTo("think[Hm.] say[Yes]");
  }

  @Test
  void leavesTheTextAsItIsWhereNothingIsAskedFor() {
    ChatAnswer answer =
        new ChatAnswer(
            ToolCallFormat.HERMES,
            ReasoningMarks.USUAL,
            prompt(true, ""),
            List.of(),
            new Reading(false, false),
            ids());
    String text = " <think> x</think>\n <tool_call>{\"name\": \"clock\"}</tool_call> \n";

    assertThat(written(answer.text(text))).isEqualTo("say[" + text + "]");
  }

  @Test
  void goesOnWithACallThatThePromptBegan() {
    ChatPrompt prompt = prompt(true, "\n</think>\n\n<tool_call>\n");
    ChatAnswer answer = answer(ToolCallFormat.HERMES, prompt, LIVE);
    List<ChatPart> parts =
        new ArrayList<>(answer.text("{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>"));
    parts.addAll(answer.finish());

    assertThat(written(parts)).isEqualTo("call0[clock {}]");
  }

  @Test
  void givesArgumentsWhileTheyAreWritten() {
    ChatAnswer answer = answer(ToolCallFormat.HERMES, prompt(false, ""), LIVE);
    answer.text("<tool_call>\n{\"name\": \"weather\", \"arg");

    assertThat(answer.text("uments\": {\"ci"))
        .containsExactly(
            new ChatPart.CallStarted(0, "id0", "weather"), new ChatPart.CallArguments(0, "{\"ci"));
    assertThat(answer.text("ty\": \"Os"))
        .containsExactly(new ChatPart.CallArguments(0, "ty\": \"Os"));
    assertThat(answer.text("lo\"}}\n")).containsExactly(new ChatPart.CallArguments(0, "lo\"}"));
    assertThat(answer.text("</tool_call>\n")).isEmpty();
    assertThat(answer.finish()).isEmpty();
  }

  @Test
  void makesWhatComesBehindBrokenArgumentsContentWhereTheyWereGivenAlready() {
    assertThat(
            read(
                ToolCallFormat.HERMES,
                "<tool_call>{\"name\": \"clock\", \"arguments\": {\"a\": }}</tool_call>",
                LIVE,
                1))
        .isEqualTo("call0[clock {\"a\": ] say[}}</tool_call>]");
  }

  @ParameterizedTest
  @CsvSource({"HERMES", "LLAMA3", "MISTRAL", "MISTRAL_NAMED"})
  void isTheSameHoweverTheTextComes(ToolCallFormat format) {
    List<String> pieces =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "[TOOL_CALLS]",
            "<|python_tag|>",
            "<think>",
            "</think>",
            "{\"name\": \"clock\", \"arguments\": {\"a\": [1, {\"b\": \"}\\\"\"}]}}",
            "[",
            "]",
            "{",
            "}",
            " ",
            "\n",
            "text",
            "clock[ARGS]{\"a\": true}",
            ", ",
            ";",
            "{\"name\": \"weather\", \"parameters\": {}}",
            "<function=clock>",
            "<parameter=a>",
            "</parameter>",
            "</function>",
            "<",
            "\"");
    Random random = new Random(format.name().length());
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int piece = random.nextInt(9); piece >= 0; piece--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      Reading reading = new Reading(random.nextBoolean(), random.nextBoolean());
      String atOnce = read(format, text.toString(), reading, Integer.MAX_VALUE);

      assertThat(read(format, text.toString(), reading, 1)).as("%s", text).isEqualTo(atOnce);
      assertThat(read(format, text.toString(), reading, 3)).as("%s", text).isEqualTo(atOnce);
    }
  }

  @Test
  void takesTheFirstOfTwoMembersOfOneName() {
    String twice =
        "<tool_call>{\"name\": \"clock\", \"arguments\": {\"a\": 1}, \"arguments\": {}, \"name\":"
            + " \"x\"}";

    assertThat(read(ToolCallFormat.HERMES, twice)).isEqualTo("call0[clock {\"a\": 1}]");
    assertThat(read(ToolCallFormat.HERMES, twice, LIVE, 1)).isEqualTo("call0[clock {\"a\": 1}]");
  }

  @Test
  void holdsJsonThatIsNoCallBackNoLongerThanNeeded() {
    ChatAnswer answer = answer(ToolCallFormat.LLAMA3, prompt(false, ""), WHOLE);

    assertThat(answer.text("{\"answer\":")).isEmpty();
    assertThat(answer.text(" \"f")).containsExactly(new ChatPart.Content("{\"answer\": \"f"));
    assertThat(answer.text("our\"}")).containsExactly(new ChatPart.Content("our\"}"));
  }

  @Test
  void neverGivesHalfAMark() {
    ChatAnswer answer = answer(ToolCallFormat.HERMES, prompt(false, ""), LIVE);

    assertThat(answer.text("a <too")).containsExactly(new ChatPart.Content("a"));
    assertThat(answer.text("l")).isEmpty();
    assertThat(answer.text("ong")).containsExactly(new ChatPart.Content(" <toolong"));
  }

  @Test
  void namesCallsAsTheirTemplatesWantIt() {
    assertThat(CallIds.of(ToolCallFormat.MISTRAL).get()).matches("[0-9A-Za-z]{9}");
    assertThat(CallIds.of(ToolCallFormat.HERMES).get()).matches("call_[0-9A-Za-z]{24}");
  }

  private static ChatPrompt prompt(boolean opensReasoning, String begun) {
    return new ChatPrompt("", new int[0], opensReasoning, begun);
  }

  private static Supplier<String> ids() {
    int[] made = {0};
    return () -> "id" + made[0]++;
  }

  private static ChatAnswer answer(ToolCallFormat format, ChatPrompt prompt, Reading reading) {
    return new ChatAnswer(format, ReasoningMarks.USUAL, prompt, TOOLS, reading, ids());
  }

  private static String read(ToolCallFormat format, String text) {
    String whole = read(format, text, WHOLE, Integer.MAX_VALUE);
    assertThat(read(format, text, WHOLE, 1)).isEqualTo(whole);
    return whole;
  }

  private static String read(ToolCallFormat format, String text, Reading reading, int length) {
    ChatAnswer answer = answer(format, prompt(false, ""), reading);
    List<ChatPart> parts = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      int end = (int) Math.min(text.length(), (long) i + length);
      parts.addAll(answer.text(text.substring(i, end)));
      i = end;
    }
    parts.addAll(answer.finish());
    return written(parts);
  }

  /* Parts of a kind that follow each other as one. */
  private static String written(List<ChatPart> parts) {
    StringBuilder written = new StringBuilder();
    String open = "";
    for (ChatPart part : parts) {
      String label =
          switch (part) {
            case ChatPart.Content _ -> "say[";
            case ChatPart.Reasoning _ -> "think[";
            case ChatPart.CallStarted started -> "call" + started.index() + "[";
            case ChatPart.CallArguments arguments -> "call" + arguments.index() + "[";
          };
      String text =
          switch (part) {
            case ChatPart.Content content -> content.text();
            case ChatPart.Reasoning reasoning -> reasoning.text();
            case ChatPart.CallStarted started -> started.name() + " ";
            case ChatPart.CallArguments arguments -> arguments.fragment();
          };
      if (!label.equals(open)) {
        written.append(open.isEmpty() ? "" : "] ").append(label);
        open = label;
      }
      written.append(text);
    }
    return written.append(open.isEmpty() ? "" : "]").toString();
  }
}
