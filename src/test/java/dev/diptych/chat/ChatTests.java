package dev.diptych.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** With templates that write what those of the families write. */
class ChatTests {

  private static final Path TOKENIZER =
      Path.of("src/test/resources/checkpoints/llama-tied/tokenizer.json");
  private static final List<String> SPECIAL =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<s>",
          "</s>",
          "[INST]",
          "[/INST]",
          "<|user|>");
  private static final List<String> MARKS = List.of("<think>", "</think>", "<tool_call>");

  private static final String CHATML =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
  private static final String HERMES =
      """
      {%- if tools %}<|im_start|>system
      {% for t in tools %}{{ t | tojson }}
      {% endfor %}Write <tool_call>{}</tool_call>.<|im_end|>
      {% endif %}
      {%- for m in messages %}
      {%- if m.role == 'tool' %}<|im_start|>user
      <tool_response>
      {{ m.content }}
      </tool_response><|im_end|>
      {% elif m.tool_calls %}<|im_start|>assistant
      {% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}
      {%- for c in m.tool_calls %}
      <tool_call>
      {"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}
      </tool_call>
      {%- endfor %}<|im_end|>
      {% else %}<|im_start|>{{ m.role }}
      {{ m.content | trim }}<|im_end|>
      {% endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}<|im_start|>assistant
      {% if enable_thinking is defined and not enable_thinking %}<think>

      </think>

      {% elif enable_thinking %}<think>
      {% endif %}{% endif %}\
      """;
  private static final String LLAMA3 =
      """
      {%- for m in messages %}<|im_start|>{{ 'ipython' if m.role == 'tool' else m.role }}

      {% if m.tool_calls %}
      {%- if m.tool_calls | length != 1 %}{{ raise_exception('one call at once') }}{% endif %}
      {%- set c = m.tool_calls[0].function %}
      {{- '{"name": "' + c.name + '", "parameters": ' + c.arguments | tojson + '}' }}
      {%- else %}{{ m.content | trim }}{% endif %}<|im_end|>
      {%- endfor %}
      {%- if tools is not none %}{% for t in tools %}{{ t | tojson(indent=4) }}{% endfor %}
      <|python_tag|>{% endif %}
      {%- if add_generation_prompt %}<|im_start|>assistant

      {% endif %}\
      """;
  private static final String MISTRAL =
      """
      {{- bos_token }}
      {%- for m in messages %}
      {%- if m.role == 'user' %}{% if tools and loop.last %}[AVAILABLE_TOOLS]{{ tools | tojson }}[/AVAILABLE_TOOLS]{% endif %}[INST]{{ m.content }}[/INST]
      {%- elif m.role == 'system' %}{{ raise_exception('no system') }}
      {%- elif m.tool_calls %}[TOOL_CALLS] [
      {%- for c in m.tool_calls %}
      {%- if c.id | length != 9 %}{{ raise_exception('ids have 9 letters') }}{% endif %}
      {{- {'name': c.function.name, 'arguments': c.function.arguments, 'id': c.id} | tojson }}{% if not loop.last %}, {% endif %}
      {%- endfor %}]</s>
      {%- elif m.role == 'tool' %}
      {%- if m.tool_call_id | length != 9 %}{{ raise_exception('ids have 9 letters') }}{% endif %}
      {{- '[TOOL_RESULTS]{"content": ' }}{{ m.content }}, "call_id": "{{ m.tool_call_id }}", "name": "{{ m.name }}"}[/TOOL_RESULTS]
      {%- else %}{{ m.content }}</s>{% endif %}
      {%- endfor %}\
      """;
  private static final String TEXT_ARGUMENTS =
      "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}"
          + "{{ '<call>' + c.function.name + ' ' + c.function.arguments }}{% endfor %}"
          + "{% if m.role == 'tool' %}!{% endif %}{% endfor %}{{ tools }}";
  private static final String WITHOUT_SYSTEM =
      "{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}{{ raise_exception('no '"
          + " ~ m.role) }}{% endif %}[INST]{{ m.content }}[/INST]{% endfor %}";

  private static final Tool WEATHER =
      new Tool(
          "weather",
          "Tells the weather",
          JsonMapper.shared()
              .readTree(
                  "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}"));
  private static final Tool CLOCK = new Tool("clock", null, null);
  private static final ToolCall CALL =
      new ToolCall("call_0123456789", "weather", "{\"city\":\"Oslo\"}");

  @TempDir private Path folder;
  private final Tokenizers tokenizers = new Tokenizers();

  @AfterEach
  void close() {
    tokenizers.close();
  }

  @Test
  void writesToolsCallsAndResultsAsTheTemplateDoes() throws IOException {
    String text = chat(HERMES).prompt(talk(List.of(WEATHER))).text();

    assertThat(text)
        .isEqualTo(
            """
            <|im_start|>system
            {"type": "function", "function": {"name": "weather", "description": "Tells the weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
            Write <tool_call>{}</tool_call>.<|im_end|>
            <|im_start|>user
            Weather in Oslo?<|im_end|>
            <|im_start|>assistant
            <think>I ask.</think><tool_call>
            {"name": "weather", "arguments": {"city": "Oslo"}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            {"sky":"clear"}
            </tool_response><|im_end|>
            <|im_start|>assistant
            """);
  }

  @Test
  void givesMistralIdsOfNineLetters() throws IOException {
    String text = chat(MISTRAL).prompt(talk(List.of())).text();

    assertThat(text)
        .matches(
            "<s>\\[INST]Weather in Oslo\\?\\[/INST]\\[TOOL_CALLS] \\[\\{\"name\": \"weather\", "
                + "\"arguments\": \\{\"city\": \"Oslo\"}, \"id\": \"([0-9A-Za-z]{9})\"}]</s>"
                + "\\[TOOL_RESULTS]\\{\"content\": \\{\"sky\":\"clear\"}, \"call_id\": \"\\1\", "
                + "\"name\": \"weather\"}\\[/TOOL_RESULTS]");
  }

  @Test
  void givesArgumentsAsTextToTemplatesThatWantText() throws IOException {
    assertThat(chat(TEXT_ARGUMENTS).prompt(talk(List.of())).text())
        .isEqualTo("Weather in Oslo?<call>weather {\"city\":\"Oslo\"}{\"sky\":\"clear\"}!None");
  }

  @Test
  void givesArgumentsAsTextToTemplatesThatPrintThem() throws IOException {
    String printing =
        "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}"
            + "{{ c.function.arguments }}{% endfor %}{% if m.role == 'tool' %}!{% endif %}"
            + "{% endfor %}";

    assertThat(chat(printing).prompt(talk(List.of())).text())
        .isEqualTo("Weather in Oslo?{\"city\":\"Oslo\"}{\"sky\":\"clear\"}!");
  }

  @Test
  void givesContentInPartsToTemplatesThatWantParts() throws IOException {
    String parts =
        "{% for m in messages %}{{ m.role }}: {% for p in m.content %}{% if p.type == 'text' %}{{"
            + " p.text | trim }}{% endif %}{% endfor %}<|im_end|>{% endfor %}";
    Conversation conversation =
        new Conversation(
            List.of(Message.of("user", "Well?"), Message.of("assistant", "The ")),
            List.of(),
            false,
            true,
            Map.of());

    assertThat(chat(parts).prompt(conversation).text())
        .isEqualTo("user: Well?<|im_end|>assistant: The");
  }

  @Test
  void describesToolsInTextWhereTheTemplateHasNoPlaceForThem() throws IOException {
    String text = chat(CHATML).prompt(talk(List.of(WEATHER, CLOCK))).text();

    assertThat(text)
        .startsWith("<|im_start|>system\n# Tools\n")
        .contains(
            "<tools>\n{\"type\":\"function\",\"function\":{\"name\":\"weather\",",
            "{\"type\":\"function\",\"function\":{\"name\":\"clock\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}\n"
                + "</tools>")
        .endsWith(
            """
            <|im_start|>assistant
            <tool_call>
            {"name": "weather", "arguments": {"city":"Oslo"}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            {"sky":"clear"}
            </tool_response><|im_end|>
            <|im_start|>assistant
            """);
    assertThat(chat(WITHOUT_SYSTEM).prompt(talk(List.of(WEATHER))).text())
        .startsWith("[INST]# Tools\n")
        .contains("</tool_call>\n\nWeather in Oslo?[/INST]");
  }

  @Test
  void goesOnWithTheLastMessage() throws IOException {
    for (String content : List.of("The answer is", "The answer is ", "a <|im_end|> b", "")) {
      Conversation conversation =
          new Conversation(
              List.of(Message.of("user", "Well?"), Message.of("assistant", content)),
              List.of(),
              false,
              true,
              Map.of());

      assertThat(chat(CHATML).prompt(conversation).text())
          .isEqualTo("<|im_start|>user\nWell?<|im_end|>\n<|im_start|>assistant\n" + content);
      assertThat(chat(HERMES).prompt(conversation).text())
          .isEqualTo(
              "<|im_start|>user\nWell?<|im_end|>\n<|im_start|>assistant\n" + content.strip());
    }
    assertRefused(
        chat(CHATML),
        new Conversation(List.of(Message.of("user", "x")), List.of(), true, true, Map.of()),
        "cannot both be true");
    assertRefused(
        chat("{{ messages[0].content }}"),
        new Conversation(
            List.of(Message.of("user", "x"), Message.of("user", "y")),
            List.of(),
            false,
            true,
            Map.of()),
        "does not write the last message");
  }

  @Test
  void seesThatThePromptOpensAThought() throws IOException {
    Chat chat = chat(HERMES);

    assertThat(chat.prompt(thinking(Map.of())).opensReasoning()).isFalse();
    assertThat(chat.prompt(thinking(Map.of("enable_thinking", false))).opensReasoning()).isFalse();
    assertThat(chat.prompt(thinking(Map.of("enable_thinking", true))).opensReasoning()).isTrue();
    Conversation begun =
        new Conversation(
            List.of(Message.of("user", "x"), Message.of("assistant", "<think>Hm")),
            List.of(),
            false,
            true,
            Map.of());
    assertThat(chat.prompt(begun).opensReasoning()).isTrue();
  }

  private static Conversation thinking(Map<String, Boolean> arguments) {
    return new Conversation(
        List.of(Message.of("user", "x <think>")), List.of(), true, false, arguments);
  }

  @Test
  void tellsTheFormatOfCallsFromTheTemplate() throws IOException {
    assertThat(chat(CHATML).toolCallFormat()).isEqualTo(ToolCallFormat.HERMES);
    assertThat(chat(HERMES).toolCallFormat()).isEqualTo(ToolCallFormat.HERMES);
    assertThat(chat(LLAMA3).toolCallFormat()).isEqualTo(ToolCallFormat.LLAMA3);
    assertThat(chat(MISTRAL).toolCallFormat()).isEqualTo(ToolCallFormat.MISTRAL);
    assertThat(chat(MISTRAL + "{{ '[ARGS]' }}").toolCallFormat())
        .isEqualTo(ToolCallFormat.MISTRAL_NAMED);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aForcedCallBeginsInThePromptAndIsReadAsOne(String template) throws IOException {
    Chat chat = chat(template);
    Conversation conversation =
        Conversation.of(List.of(Message.of("user", "x"))).with(List.of(WEATHER, CLOCK));
    for (List<Tool> callable : List.of(List.of(WEATHER), List.of(WEATHER, CLOCK))) {
      ChatPrompt forced = chat.promptForCalls(conversation);
      String plain = chat.prompt(conversation).text();
      CallShape shape = chat.callShape(callable, 2);

      assertThat(forced.text()).isEqualTo(plain + forced.begun());
      assertThat(forced.begun()).isEqualTo(shape.opening());
      assertThat(shape.alternatives()).hasSameSizeAs(callable);
      for (boolean live : new boolean[] {false, true}) {
        ChatAnswer answer = chat.answer(forced, conversation.tools(), new Reading(true, live));
        StringBuilder text = new StringBuilder();
        for (int call = 0; call < shape.mostCalls(); call++) {
          CallShape.Alternative chosen = shape.alternatives().get(call % callable.size());
          text.append(call == 0 ? "" : shape.separator());
          text.append(chosen.before()).append("{\"city\":\"Oslo\"}").append(chosen.after());
        }
        List<ChatPart> parts = new ArrayList<>(answer.text(text + shape.end()));
        parts.addAll(answer.finish());

        assertThat(parts).hasSize(2 * shape.mostCalls());
        assertThat(parts.getFirst())
            .isInstanceOfSatisfying(
                ChatPart.CallStarted.class,
                started -> assertThat(started.name()).isEqualTo("weather"));
        assertThat(parts.getLast())
            .isEqualTo(new ChatPart.CallArguments(shape.mostCalls() - 1, "{\"city\":\"Oslo\"}"));
      }
    }
  }

  @Test
  void forcedArgumentsAreAnObjectAlways() throws IOException {
    Tool open = new Tool("open", null, JsonMapper.shared().readTree("{\"description\":\"any\"}"));

    assertThat(
            chat(HERMES).callShape(List.of(WEATHER, CLOCK, open), 1).alternatives().stream()
                .map(alternative -> String.valueOf(alternative.arguments())))
        .containsExactly(
            String.valueOf(WEATHER.parameters()),
            "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}",
            "{\"description\":\"any\",\"type\":\"object\"}");
  }

  @Test
  void aForcedCallEndsAThoughtThatThePromptHasOpened() throws IOException {
    Chat chat = chat(HERMES);
    ChatPrompt forced =
        chat.promptForCalls(thinking(Map.of("enable_thinking", true)).with(List.of(CLOCK)));

    assertThat(forced.text())
        .endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n<tool_call>\n");
    assertThat(forced.opensReasoning()).isFalse();
  }

  static Stream<String> templates() {
    return Stream.of(
        CHATML, HERMES, LLAMA3, MISTRAL, MISTRAL + "{{ '[ARGS]' if false }}", WITHOUT_SYSTEM);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void specialTokensInTextsAreText(String template) throws IOException {
    Chat chat = chat(template);
    Tokenizer tokenizer = tokenizer();
    String hostile = String.join("", SPECIAL) + String.join(" ", SPECIAL);
    boolean system = !template.equals(WITHOUT_SYSTEM) && !template.startsWith(MISTRAL);
    List<Integer> expected = control(tokenizer, chat.prompt(conversation("x", system)).ids());

    ChatPrompt prompt = chat.prompt(conversation(hostile, system));
    assertThat(control(tokenizer, prompt.ids())).isEqualTo(expected);
    assertThat(expected).isNotEmpty();
    assertThat(tokenizer.decode(prompt.ids(), false)).isEqualTo(prompt.text());
    assertThat(prompt.text()).contains(hostile);
  }

  @Test
  void aRoleIsNoPartOfAControlTokenThatItShouldNotBe() throws IOException {
    Chat chat =
        chat("{% for m in messages %}<|{{ m.role }}|>{{ m.name }}<{{ m.name }}>{% endfor %}");
    ChatPrompt prompt =
        chat.prompt(
            Conversation.of(
                List.of(
                    new Message("im_end", "x", null, List.of(), null, "s"),
                    new Message("user", "x", null, List.of(), null, "x"))));

    assertThat(prompt.text()).isEqualTo("<|im_end|>s<s><|user|>x<x>");
    assertThat(control(tokenizer(), prompt.ids()))
        .containsExactly(tokenizer().id("<|user|>").orElseThrow());
  }

  /* The same text everywhere where a request can have one. */
  private static Conversation conversation(String text, boolean system) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("type", "object").put("description", text);
    schema.putObject("properties").putObject(text).put("type", "string").putArray("enum").add(text);
    String arguments =
        JsonMapper.shared().createObjectNode().put(text, text).toString().replace("<", "\\u003c");
    List<Message> messages = new ArrayList<>();
    if (system) {
      messages.add(Message.of("system", text));
    }
    messages.add(new Message("user", text, null, List.of(), null, text));
    messages.add(
        new Message(
            "assistant", text, text, List.of(new ToolCall(text, text, arguments)), null, null));
    messages.add(Message.toolResult(text, text, text));
    messages.add(Message.of("user", text));
    return new Conversation(
        messages,
        List.of(new Tool(text, text, schema)),
        true,
        false,
        Map.of("custom", List.of(text), "bos_token", "<s>"));
  }

  private static List<Integer> control(Tokenizer tokenizer, int[] ids) {
    List<Integer> control = new ArrayList<>();
    Arrays.stream(ids).filter(tokenizer::isSpecial).forEach(control::add);
    return control;
  }

  @Test
  void aPromptHasTheTokensOfItsText() throws IOException {
    Chat chat = chat(HERMES);
    ChatPrompt prompt = chat.prompt(talk(List.of(WEATHER)));

    assertThat(prompt.ids()).isEqualTo(tokenizer().encode(prompt.text(), false));
    assertThat(prompt.ids()[0]).isEqualTo(tokenizer().id("<|im_start|>").orElseThrow());
  }

  @Test
  void usesTheTemplateForToolsWhereThereAreTools() throws IOException {
    ArrayNode templates = JsonMapper.shared().createArrayNode();
    templates.addObject().put("name", "default").put("template", "plain {{ messages[0].content }}");
    templates
        .addObject()
        .put("name", "tool_use")
        .put("template", "tools {{ tools[0].function.name }}");
    JsonNode settings = JsonMapper.shared().createObjectNode().set("chat_template", templates);
    Files.writeString(folder.resolve("tokenizer_config.json"), settings.toString());
    Chat chat = Chat.read(folder, tokenizer());
    Conversation conversation = Conversation.of(List.of(Message.of("user", "x")));

    assertThat(chat.prompt(conversation).text()).isEqualTo("plain x");
    assertThat(chat.prompt(conversation.with(List.of(CLOCK))).text()).isEqualTo("tools clock");

    Path others = Files.createDirectory(folder.resolve("additional_chat_templates"));
    Files.writeString(others.resolve("tool_use.jinja"), "file {{ tools[0].function.name }}");
    assertThat(
            chat("file {{ messages[0].content }}").prompt(conversation.with(List.of(CLOCK))).text())
        .isEqualTo("file clock");
  }

  @Test
  void saysWhyThereIsNoChat() throws IOException {
    Conversation conversation = Conversation.of(List.of(Message.of("user", "x")));

    assertRefused(Chat.none(tokenizer()), conversation, "the model has no chat template");
    assertRefused(
        chat("{% include 'x' %}"), conversation, "the model's chat template cannot be used");
    assertRefused(
        chat(WITHOUT_SYSTEM),
        Conversation.of(List.of(Message.of("system", "x"), Message.of("user", "x"))),
        "the chat template refuses the messages: no system");
    assertRefused(chat(CHATML), Conversation.of(List.of()), "`messages` cannot be empty");
  }

  @Test
  void refusesMoreTokensThanThereMayBe() throws IOException {
    Chat chat = chat(CHATML).within(20);

    assertThat(chat.prompt(Conversation.of(List.of(Message.of("user", "x")))).ids())
        .hasSizeLessThanOrEqualTo(20);
    assertRefused(
        chat,
        Conversation.of(List.of(Message.of("user", "1 2 3 4 5 6 7 8 9 10 11 12"))),
        "`messages` must have at most 20 tokens. Given: ");
    assertRefused(
        chat,
        Conversation.of(List.of(Message.of("user", "word ".repeat(100_000)))),
        "`messages` must have at most 20 tokens. Given: at least ");
  }

  private static void assertRefused(Chat chat, Conversation conversation, String why) {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> chat.prompt(conversation))
        .withMessageContaining(why);
  }

  private static Conversation talk(List<Tool> tools) {
    return Conversation.of(
            List.of(
                Message.of("user", "Weather in Oslo?"),
                new Message("assistant", null, "I ask.", List.of(CALL), null, null),
                Message.toolResult(CALL.id(), null, "{\"sky\":\"clear\"}")))
        .with(tools);
  }

  private Chat chat(String template) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
    return Chat.read(folder, tokenizer());
  }

  private Tokenizer tokenizer() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    if (!Files.exists(file)) {
      ObjectNode definition = (ObjectNode) JsonMapper.shared().readTree(TOKENIZER);
      ArrayNode added = (ArrayNode) definition.get("added_tokens");
      int id = definition.path("model").path("vocab").size();
      for (String token : SPECIAL) {
        if (added.findValuesAsString("content").stream().noneMatch(token::equals)) {
          added.addObject().put("id", id++).put("content", token).put("special", true);
        }
      }
      for (String mark : MARKS) {
        added.addObject().put("id", id++).put("content", mark).put("special", false);
      }
      for (JsonNode token : added) {
        ObjectNode entry = (ObjectNode) token;
        entry.put("lstrip", false).put("rstrip", false);
        entry.put("normalized", false).put("single_word", false);
      }
      Files.writeString(file, definition.toString());
    }
    return tokenizers.open(folder);
  }
}
