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
import java.util.Set;
import java.util.regex.Pattern;
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

  private static final String FOR_TOOLS = "tool_use";

  /* What `replace` or the method of that name takes out of a text. */
  private static final Pattern CUT_OUT =
      Pattern.compile("replace\\(\\s*([\"'])((?:(?!\\1).){1,100})\\1\\s*,\\s*(?:\"\"|'')\\s*\\)");

  private final String source;
  private final Template template;
  private final Map<String, String> specialTokens;
  private final Clock clock;
  private @Nullable ChatTemplate forTools;

  private ChatTemplate(String source, Map<String, String> specialTokens, Clock clock) {
    this.source = source;
    this.template = Template.parse(source);
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
    String file = file(modelFolder.resolve("chat_template.jinja"));
    String source = file == null ? named(settings, "default") : file;
    if (source == null) {
      return Optional.empty();
    }
    String fileForTools =
        file(modelFolder.resolve("additional_chat_templates").resolve(FOR_TOOLS + ".jinja"));
    String sourceForTools =
        fileForTools == null && file == null ? named(settings, FOR_TOOLS) : fileForTools;
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
      ChatTemplate template = new ChatTemplate(source, specialTokens, clock);
      if (sourceForTools != null && !sourceForTools.equals(source)) {
        template.forTools = new ChatTemplate(sourceForTools, specialTokens, clock);
      }
      return Optional.of(template);
    } catch (InvalidTemplate e) {
      throw new InvalidCheckpoint(
          "the chat template of %s cannot be used: %s".formatted(modelFolder, e.getMessage()), e);
    }
  }

  private static @Nullable String file(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    JsonSource.requireAtMost(file, MAX_TEMPLATE_BYTES);
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidCheckpoint("%s is not UTF-8".formatted(file), e);
    }
  }

  /* A template alone is the default. */
  private static @Nullable String named(ObjectNode settings, String name) {
    JsonNode template = settings.path("chat_template");
    if (template.isString()) {
      return name.equals("default") ? template.stringValue() : null;
    }
    for (JsonNode named : template) {
      if (named.path("name").stringValue("").equals(name)) {
        return named.path("template").stringValue("");
      }
    }
    return null;
  }

  /** The template for conversations with tools, which is this one where there is no other. */
  public ChatTemplate forTools() {
    return forTools == null ? this : forTools;
  }

  /** Whether the template's source has this text. */
  public boolean mentions(String text) {
    return source.contains(text);
  }

  /** Whether a statement or an expression of the template has this word. */
  public boolean reads(String word) {
    Pattern wanted = Pattern.compile("\\b%s\\b".formatted(Pattern.quote(word)));
    for (int start = nextCode(0); start >= 0; ) {
      int end = source.indexOf(source.charAt(start + 1) == '%' ? "%}" : "}}", start);
      int stop = end < 0 ? source.length() : end;
      if (wanted.matcher(source).region(start, stop).find()) {
        return true;
      }
      start = nextCode(stop);
    }
    return false;
  }

  private int nextCode(int from) {
    int statement = source.indexOf("{%", from);
    int expression = source.indexOf("{{", from);
    return statement < 0 || expression < 0
        ? Math.max(statement, expression)
        : Math.min(statement, expression);
  }

  /**
   * The tokens of a vocabulary that only the template may write: special ones, and those that the
   * template itself uses.
   *
   * @param alsoWritten what may stand in texts all the same if it is not special
   */
  public ControlTokens controlTokens(Tokenizer tokenizer, Set<String> alsoWritten) {
    List<String> cutOut = CUT_OUT.matcher(source).results().map(match -> match.group(2)).toList();
    return new ControlTokens(
        tokenizer,
        token ->
            specialTokens.containsValue(token)
                || (isMark(token) && source.contains(token) && !alsoWritten.contains(token)),
        cutOut);
  }

  private static boolean isMark(String token) {
    return token.startsWith("<") || token.startsWith("[");
  }

  /**
   * A conversation as the text that the model continues. It holds the special tokens that the
   * template writes, so it is encoded without adding any.
   *
   * @param messages with their members, such as {@code role} and {@code content}
   * @param tools what the model may call; null for none
   * @param addGenerationPrompt whether the text ends where the model's next message begins
   * @param extra further variables of the template, such as {@code enable_thinking}: texts,
   *     numbers, booleans, null, lists, maps and JSON nodes
   * @throws InvalidInput if the template refuses the messages or cannot write them within its
   *     budget
   */
  public String render(
      List<? extends Map<String, ?>> messages,
      @Nullable List<?> tools,
      boolean addGenerationPrompt,
      Map<String, ?> extra) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.putAll(extra);
    variables.put("messages", messages);
    variables.put("add_generation_prompt", addGenerationPrompt);
    if (tools != null) {
      variables.put("tools", tools);
    }
    try {
      return TextWorkers.shared()
          .run(characters(variables), () -> template.render(variables, clock));
    } catch (RejectedByTemplate e) {
      throw new InvalidInput("the chat template refuses the messages: " + e.getMessage());
    } catch (TemplateFailed e) {
      throw new InvalidInput("the chat template cannot write the messages: " + e.getMessage());
    }
  }

  private static int characters(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case List<?> list -> list.stream().mapToInt(ChatTemplate::characters).sum();
      case Map<?, ?> map -> map.values().stream().mapToInt(ChatTemplate::characters).sum();
      case null, default -> 1;
    };
  }
}
