package dev.diptych.tokenization;

import dev.diptych.InvalidInput;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.tokenization.template.InvalidTemplate;
import dev.diptych.tokenization.template.RejectedByTemplate;
import dev.diptych.tokenization.template.Template;
import dev.diptych.tokenization.template.TemplateFailed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A model's own way to write a conversation as one prompt. Safe for use from any thread. */
public final class ChatTemplate {

  /** Largest {@code chat_template.jinja}; the longest known have 20 KB. */
  private static final long MAX_TEMPLATE_BYTES = 1_000_000;

  private static final List<String> SPECIAL_TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final Template template;
  private final Map<String, String> specialTokens;
  private final Clock clock;

  private ChatTemplate(Template template, Map<String, String> specialTokens, Clock clock) {
    this.template = template;
    this.specialTokens = specialTokens;
    this.clock = clock;
  }

  /**
   * The chat template of a model folder: {@code chat_template.jinja}, else {@code chat_template} in
   * {@code tokenizer_config.json} (a template, or a list of named ones with a {@code default});
   * empty if there is none.
   *
   * @throws InvalidCheckpoint if a file is too large or broken, or the template is not supported
   */
  public static Optional<ChatTemplate> read(Path modelFolder) throws IOException {
    return read(modelFolder, Clock.system(ZoneId.systemDefault()));
  }

  static Optional<ChatTemplate> read(Path modelFolder, Clock clock) throws IOException {
    ObjectNode settings = TokenizerFiles.optional(modelFolder.resolve("tokenizer_config.json"));
    String source = source(modelFolder, settings);
    if (source == null) {
      return Optional.empty();
    }
    ObjectNode map = TokenizerFiles.optional(modelFolder.resolve("special_tokens_map.json"));
    Map<String, String> specialTokens = new LinkedHashMap<>();
    for (String role : SPECIAL_TOKENS) {
      String named = TokenizerFiles.specialToken(settings, role);
      String token = named == null ? TokenizerFiles.specialToken(map, role) : named;
      if (token != null) {
        specialTokens.put(role, token);
      }
    }
    try {
      return Optional.of(new ChatTemplate(Template.parse(source), specialTokens, clock));
    } catch (InvalidTemplate e) {
      throw new InvalidCheckpoint(
          "the chat template of %s cannot be used: %s".formatted(modelFolder, e.getMessage()), e);
    }
  }

  private static @Nullable String source(Path folder, ObjectNode settings) throws IOException {
    Path file = folder.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      JsonSource.requireAtMost(file, MAX_TEMPLATE_BYTES);
      try {
        return Files.readString(file);
      } catch (CharacterCodingException e) {
        throw new InvalidCheckpoint("%s is not UTF-8".formatted(file), e);
      }
    }
    JsonNode template = settings.path("chat_template");
    if (template.isString()) {
      return template.stringValue();
    }
    for (JsonNode named : template) {
      if (named.path("name").stringValue("").equals("default")) {
        return named.path("template").stringValue("");
      }
    }
    return null;
  }

  /**
   * A conversation as the text that the model continues. It holds the special tokens that the
   * template writes, so it is encoded without adding any.
   *
   * @param addGenerationPrompt whether the text ends where the model's next message begins
   * @param extra further variables of the template, such as {@code enable_thinking}: texts,
   *     numbers, booleans, null, lists, maps and JSON nodes
   * @throws InvalidInput if the template refuses the messages or cannot write them within its
   *     budget
   */
  public String render(
      List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, ?> extra) {
    Map<String, Object> variables = new LinkedHashMap<>(specialTokens);
    variables.putAll(extra);
    variables.put("messages", messages.stream().map(ChatTemplate::variable).toList());
    variables.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template.render(variables, clock);
    } catch (RejectedByTemplate e) {
      throw new InvalidInput("the chat template refuses the messages: " + e.getMessage());
    } catch (TemplateFailed e) {
      throw new InvalidInput("the chat template cannot write the messages: " + e.getMessage());
    }
  }

  /* In the order in which clients write it, for templates that print whole messages. */
  private static Map<String, String> variable(ChatMessage message) {
    Map<String, String> variable = new LinkedHashMap<>();
    variable.put("role", message.role());
    variable.put("content", message.content());
    return variable;
  }
}
