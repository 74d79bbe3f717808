package dev.diptych.http.openai;

import dev.diptych.chat.ChatPart;
import dev.diptych.generation.Completion;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.http.openai.ChatChunk.Delta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/** A chat as the events of {@code /v1/chat/completions}. */
final class ChatStream extends GenerationStream {

  /** An answer that is being told. */
  private static final class Told {
    private final AnswerReader reader;
    private final List<TokenLogprob> logprobs = new ArrayList<>(); // of what is still held back
    private boolean ended;

    Told(AnswerReader reader) {
      this.reader = reader;
    }
  }

  private final Identity identity;
  private final ChatRequest request;
  private final TokenSpelling spelling;
  private final List<Told> answers;
  private final int promptTokens;
  private boolean begun;
  private int tokens;
  private int cached;

  /**
   * @param readers makes the reader of an answer
   */
  ChatStream(
      Generation generation,
      Duration heartbeat,
      Identity identity,
      ChatRequest request,
      Supplier<AnswerReader> readers,
      TokenSpelling spelling) {
    super(List.of(generation), heartbeat, FieldNames.CHAT);
    this.identity = identity;
    this.request = request;
    this.spelling = spelling;
    this.promptTokens = generation.promptTokens();
    this.answers =
        IntStream.range(0, request.answers()).mapToObj(_ -> new Told(readers.get())).toList();
  }

  @Override
  void on(int generation, GenerationEvent event) {
    if (!begun) {
      begun = true;
      for (int i = 0; i < answers.size(); i++) {
        tell(i, Delta.ROLE, null, null);
      }
    }
    switch (event) {
      case GenerationEvent.Token(int answer, int _, GeneratedToken token, var top) -> {
        tokens++;
        Told told = answers.get(answer);
        keep(told, token, top);
        tell(answer, told.reader.read(token));
      }
      case GenerationEvent.Answered(int answer, Completion completion) ->
          finish(answer, completion);
      case GenerationEvent.Finished finished -> {
        cached = finished.cachedPromptTokens();
        for (int i = 0; i < answers.size(); i++) {
          finish(i, finished.completions().get(i));
        }
      }
      default -> {} // the prompt is not told
    }
  }

  @Override
  void end() {
    if (request.wantsUsage()) {
      tell(chunk(List.of(), Usage.of(promptTokens, tokens, cached)));
    }
    tellLast(DONE);
  }

  private void finish(int index, Completion completion) {
    Told told = answers.get(index);
    if (told.ended) {
      return;
    }
    told.ended = true;
    tokens++; // the last one comes with the answer
    if (!completion.tokens().isEmpty()) {
      keep(
          told,
          completion.tokens().getLast(),
          completion.topTokens().isEmpty() ? List.of() : completion.topTokens().getLast());
    }
    tell(index, told.reader.finish(completion));
    tell(index, Delta.NOTHING, heldBack(told), told.reader.finishReason(completion));
  }

  private void keep(Told told, GeneratedToken token, List<GeneratedToken> top) {
    if (request.wantsLogprobs()) {
      told.logprobs.add(TokenLogprob.of(token, top, spelling));
    }
  }

  private void tell(int answer, List<ChatPart> parts) {
    for (ChatPart part : parts) {
      Delta delta =
          switch (part) {
            case ChatPart.Content(String text) -> Delta.content(text);
            case ChatPart.Reasoning(String text) -> Delta.reasoning(text);
            case ChatPart.CallStarted(int index, String id, String name) ->
                Delta.call(ChatChunk.Call.begin(index, id, name));
            case ChatPart.CallArguments(int index, String fragment) ->
                Delta.call(ChatChunk.Call.goOn(index, fragment));
          };
      tell(answer, delta, heldBack(answers.get(answer)), null);
    }
  }

  /** The probabilities of the tokens that a delta ends with; null if there are none to tell. */
  private static TokenLogprob.@Nullable Content heldBack(Told told) {
    if (told.logprobs.isEmpty()) {
      return null;
    }
    TokenLogprob.Content content = TokenLogprob.Content.of(told.logprobs);
    told.logprobs.clear();
    return content;
  }

  private void tell(
      int answer, Delta delta, TokenLogprob.@Nullable Content logprobs, @Nullable String reason) {
    tell(
        chunk(
            List.of(new ChatChunk.Choice(answer, delta, logprobs, reason)),
            request.wantsUsageWithEach()
                ? Usage.of(promptTokens, tokens, cached)
                : request.wantsUsage() ? NullNode.getInstance() : null));
  }

  private ChatChunk chunk(List<ChatChunk.Choice> choices, @Nullable Object usage) {
    return new ChatChunk(
        identity.id(),
        "chat.completion.chunk",
        identity.created(),
        identity.model(),
        choices,
        usage);
  }
}
