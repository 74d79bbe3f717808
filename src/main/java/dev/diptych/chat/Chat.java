package dev.diptych.chat;

import dev.diptych.InvalidInput;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.tokenization.ChatTemplate;
import dev.diptych.tokenization.ControlTokens;
import dev.diptych.tokenization.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one model is talked to. Safe for use from any thread. */
public final class Chat {

  private static final Logger log = LoggerFactory.getLogger(Chat.class);
  private static final String NO_TEMPLATE = "the model has no chat template";

  private final Tokenizer tokenizer;
  private final @Nullable ChatWriter plain;
  private final @Nullable ChatWriter withTools;
  private final String whyNot;
  private final int mostTokens;

  private Chat(
      Tokenizer tokenizer,
      @Nullable ChatWriter plain,
      @Nullable ChatWriter withTools,
      String whyNot,
      int mostTokens) {
    this.tokenizer = tokenizer;
    this.plain = plain;
    this.withTools = withTools;
    this.whyNot = whyNot;
    this.mostTokens = mostTokens;
  }

  /**
   * That of the model in a folder. A template that cannot be used is told to whoever wants to talk.
   */
  public static Chat read(Path modelFolder, Tokenizer tokenizer) throws IOException {
    try {
      return ChatTemplate.read(modelFolder)
          .map(template -> of(template, tokenizer))
          .orElseGet(() -> none(tokenizer));
    } catch (InvalidCheckpoint e) {
      log.warn("There will be no chat: {}", e.getMessage());
      return new Chat(
          tokenizer, null, null, "the model's chat template cannot be used", Integer.MAX_VALUE);
    }
  }

  static Chat of(ChatTemplate template, Tokenizer tokenizer) {
    ChatWriter plain = new ChatWriter(template, tokenizer);
    ChatTemplate forTools = template.forTools();
    ChatWriter withTools =
        forTools == template ? plain : new ChatWriter(forTools, tokenizer); // the same object
    return new Chat(tokenizer, plain, withTools, "", Integer.MAX_VALUE);
  }

  /** That of a model without a template. */
  public static Chat none(Tokenizer tokenizer) {
    return new Chat(tokenizer, null, null, NO_TEMPLATE, Integer.MAX_VALUE);
  }

  /** The same with prompts of so many tokens at most. */
  public Chat within(int tokens) {
    return new Chat(tokenizer, plain, withTools, whyNot, tokens);
  }

  /** Whether the model can be talked to. */
  public boolean isAvailable() {
    return plain != null;
  }

  /** How the model writes calls. */
  public ToolCallFormat toolCallFormat() {
    return writer(true).format();
  }

  /** What the model writes behind what it thinks, such as {@code </think>}. */
  public String endOfThought() {
    return writer(false).reasoning().close();
  }

  /**
   * A conversation as the model reads it.
   *
   * @throws InvalidInput if the model has no template, the template refuses the messages, or they
   *     have too many tokens
   */
  public ChatPrompt prompt(Conversation conversation) {
    return encoded(writer(conversation).write(conversation), "");
  }

  /**
   * A conversation whose answer begins at once: the prompt has ended what it would have opened for
   * a thought.
   *
   * @throws InvalidInput as {@link #prompt}
   */
  public ChatPrompt promptWithoutThought(Conversation conversation) {
    return encoded(writer(conversation).write(conversation).withoutThought(), "");
  }

  /**
   * The token that a text is where the answer to a prompt begins; none if it is more than one
   * there, or changes how the end of the prompt is tokenized.
   *
   * @param prompt that holds no texts of others
   */
  public OptionalInt firstToken(ChatPrompt prompt, String text) {
    int[] ids = writer(false).encode(prompt.text() + text);
    int count = prompt.ids().length;
    return ids.length == count + 1 && Arrays.mismatch(ids, prompt.ids()) == count
        ? OptionalInt.of(ids[count])
        : OptionalInt.empty();
  }

  /**
   * A conversation whose answer must be calls of tools and nothing else: the prompt goes on to
   * where the first of {@link #callShape} begins, and has ended what it would have opened for a
   * thought.
   *
   * @throws InvalidInput as {@link #prompt}
   */
  public ChatPrompt promptForCalls(Conversation conversation) {
    ChatWriter writer = writer(true);
    return encoded(writer.write(conversation).withoutThought(), writer.format().opening());
  }

  /**
   * What the rest of an answer must look like after {@link #promptForCalls}.
   *
   * @param callable which tools may be called
   * @param mostCalls how many calls there may be at most; some models make one only
   */
  public CallShape callShape(List<Tool> callable, int mostCalls) {
    return writer(true).format().shape(callable, mostCalls);
  }

  private ChatPrompt encoded(ChatWriter.Written written, String begun) {
    ChatWriter writer = written.by();
    String marked = written.text() + begun;
    String text = ControlTokens.unmarked(marked);
    int fewest = tokenizer.fewestTokens(text);
    if (fewest > mostTokens) {
      throw tooLong("at least " + fewest);
    }
    int[] ids = writer.encode(marked);
    if (ids.length > mostTokens) {
      throw tooLong(String.valueOf(ids.length));
    }
    return new ChatPrompt(text, ids, written.opensReasoning(), begun);
  }

  private InvalidInput tooLong(String tokens) {
    return new InvalidInput(
        InvalidInput.Kind.TOO_LONG,
        "`messages` must have at most %d tokens. Given: %s".formatted(mostTokens, tokens));
  }

  /** Reads an answer as {@link Reading#USUAL}. */
  public ChatAnswer answer(ChatPrompt prompt, List<Tool> tools) {
    return answer(prompt, tools, Reading.USUAL);
  }

  /**
   * Reads an answer.
   *
   * @param prompt to which it is the answer
   * @param tools that the model may call; without any, nothing in the answer is a call
   */
  public ChatAnswer answer(ChatPrompt prompt, List<Tool> tools, Reading reading) {
    ChatWriter writer = writer(!tools.isEmpty());
    return new ChatAnswer(
        writer.format(), writer.reasoning(), prompt, tools, reading, CallIds.of(writer.format()));
  }

  private ChatWriter writer(Conversation conversation) {
    return writer(!conversation.tools().isEmpty());
  }

  private ChatWriter writer(boolean tools) {
    ChatWriter writer = tools ? withTools : plain;
    if (writer == null) {
      throw new InvalidInput(whyNot + ", so it cannot answer messages");
    }
    return writer;
  }
}
