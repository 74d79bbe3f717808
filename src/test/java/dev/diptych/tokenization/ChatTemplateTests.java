package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.InvalidInput;
import dev.diptych.checkpoint.InvalidCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTests {

  private static final List<Map<String, String>> HELLO = List.of(message("user", "Hello"));

  @TempDir Path folder;

  @Test
  void writesSmolLmConversationsAsTransformersDoes() throws IOException {
    Files.copy(
        Checkpoints.resource("tokenizers/smollm2-chat-template.jinja"),
        folder.resolve("chat_template.jinja"));
    ChatTemplate template = ChatTemplate.read(folder).orElseThrow();

    for (JsonNode chat :
        Checkpoints.json(Checkpoints.resource("golden/smollm2-135m-instruct.json")).path("chat")) {
      List<Map<String, String>> messages =
          chat.path("messages")
              .valueStream()
              .map(m -> message(m.path("role").asString(), m.path("content").asString()))
              .toList();
      assertThat(template.render(messages, null, true, Map.of()))
          .isEqualTo(chat.path("rendered").stringValue());
    }
  }

  @Test
  void givesTemplatesTheirSpecialTokensAndVariables() throws IOException {
    settings(
        Map.of(
            "bos_token",
            "<s>",
            "eos_token",
            Map.of("content", "</s>", "special", true),
            "chat_template",
            "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}"
                + "{% endfor %}{{ add_generation_prompt }} {{ mood }} {{ pad_token is defined }}"));
    ChatTemplate template = ChatTemplate.read(folder).orElseThrow();

    assertThat(template.render(HELLO, null, true, Map.of("mood", "calm")))
        .isEqualTo("<s>user: Hello</s>True calm False");
    assertThat(template.render(HELLO, null, false, Map.of("messages", "not these")))
        .isEqualTo("<s>user: Hello</s>False  False");
  }

  @Test
  void prefersItsOwnFileOverTheSettings() throws IOException {
    settings(Map.of("chat_template", "settings"));
    Files.writeString(folder.resolve("chat_template.jinja"), "file");

    assertThat(ChatTemplate.read(folder).orElseThrow().render(HELLO, null, true, Map.of()))
        .isEqualTo("file");
  }

  @Test
  void takesTheDefaultOfNamedTemplates() throws IOException {
    settings(
        Map.of(
            "chat_template",
            List.of(
                Map.of("name", "tool_use", "template", "tools"),
                Map.of("name", "default", "template", "plain"))));

    assertThat(ChatTemplate.read(folder).orElseThrow().render(HELLO, null, true, Map.of()))
        .isEqualTo("plain");
  }

  @Test
  void isAbsentWhereTheModelHasNone() throws IOException {
    assertThat(ChatTemplate.read(folder)).isEmpty();
    settings(Map.of("chat_template", List.of(Map.of("name", "rag", "template", "x"))));
    assertThat(ChatTemplate.read(folder)).isEmpty();
  }

  @Test
  void readsTheClockItIsGiven() throws IOException {
    settings(Map.of("chat_template", "{{ strftime_now('%Y-%m-%d') }}"));
    Clock clock = Clock.fixed(Instant.parse("2025-07-10T00:00:00Z"), ZoneOffset.UTC);

    assertThat(ChatTemplate.read(folder, clock).orElseThrow().render(HELLO, null, true, Map.of()))
        .isEqualTo("2025-07-10");
  }

  @Test
  void saysWhatTheTemplateRefusesOrCannotWrite() throws IOException {
    settings(
        Map.of(
            "chat_template",
            "{% if messages|length != 1 %}{{ raise_exception('one message please') }}{% endif %}"
                + "{{ messages[0].nothing.at.all }}"));
    ChatTemplate template = ChatTemplate.read(folder).orElseThrow();

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> template.render(List.of(), null, true, Map.of()))
        .withMessage("the chat template refuses the messages: one message please");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> template.render(HELLO, null, true, Map.of()))
        .withMessageContaining("'dict object' has no attribute 'nothing'");
  }

  @Test
  void refusesTemplatesItCannotUse() throws IOException {
    settings(Map.of("chat_template", "{% include 'other' %}"));
    assertRefused("the tag 'include' is not supported");
    Files.write(folder.resolve("chat_template.jinja"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertRefused("is not UTF-8");
    Files.writeString(folder.resolve("chat_template.jinja"), "x".repeat(1_000_001));
    assertRefused("more than the limit of 1000000");
  }

  private void assertRefused(String message) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> ChatTemplate.read(folder))
        .withMessageContaining(message);
  }

  private static Map<String, String> message(String role, String content) {
    Map<String, String> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private void settings(Map<String, Object> settings) {
    JsonMapper.shared().writeValue(folder.resolve("tokenizer_config.json"), settings);
  }
}
