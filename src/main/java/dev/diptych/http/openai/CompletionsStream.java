package dev.diptych.http.openai;

import dev.diptych.generation.Completion;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/** Continued texts as the events of {@code /v1/completions}. */
final class CompletionsStream extends GenerationStream {

  /** A text that is being told. */
  private static final class Told {
    private final TextLogprobs.Builder logprobs;
    private boolean echoed;
    private boolean ended;
    private int read;
    private int characters;

    Told(TextLogprobs.Builder logprobs) {
      this.logprobs = logprobs;
    }
  }

  private final Identity identity;
  private final CompletionsRequest request;
  private final List<Generation> generations;
  private final List<Prompt> prompts;
  private final int textsPerPrompt;
  private final TokenSpelling spelling;
  private final List<Told> texts;
  private Usage before = Usage.NONE; // of generations that have ended
  private int tokens; // of the running one
  private List<GeneratedToken> prompt = List.of(); // of the running one, if it is told
  private List<List<GeneratedToken>> promptTop = List.of();

  CompletionsStream(
      List<Generation> generations,
      Duration heartbeat,
      Identity identity,
      CompletionsRequest request,
      List<Prompt> prompts,
      TokenSpelling spelling) {
    super(generations, heartbeat, FieldNames.COMPLETIONS);
    this.identity = identity;
    this.request = request;
    this.generations = generations;
    this.prompts = prompts;
    this.spelling = spelling;
    this.textsPerPrompt = request.choices().returned();
    this.texts =
        IntStream.range(0, generations.size() * textsPerPrompt)
            .mapToObj(_ -> new Told(new TextLogprobs.Builder(spelling)))
            .toList();
  }

  @Override
  void on(int generation, GenerationEvent event) {
    int first = generation * textsPerPrompt;
    switch (event) {
      case GenerationEvent.Scored(var scored, var top) -> {
        prompt = scored;
        promptTop = top;
      }
      case GenerationEvent.Token(int answer, int _, GeneratedToken token, var top) -> {
        tokens++;
        tell(generation, first + answer, List.of(token), List.of(top), null);
      }
      case GenerationEvent.Answered(int answer, Completion completion) ->
          finish(generation, first + answer, completion);
      case GenerationEvent.Finished finished -> {
        for (int i = 0; i < finished.completions().size(); i++) {
          finish(generation, first + i, finished.completions().get(i));
        }
        before = before.plus(usage(generation, finished.cachedPromptTokens()));
        tokens = 0;
        prompt = List.of();
        promptTop = List.of();
      }
      case GenerationEvent.Failed _ -> {} // told as a failure
    }
  }

  @Override
  void end() {
    if (request.wantsUsage()) {
      tell(CompletionsResponse.of(identity, List.of(), before));
    }
    tellLast(DONE);
  }

  private void finish(int generation, int index, Completion completion) {
    Told told = texts.get(index);
    if (told.ended) {
      return;
    }
    told.ended = true;
    int count = completion.tokens().size();
    tokens += count - told.read;
    tell(
        generation,
        index,
        completion.tokens().subList(told.read, count),
        completion.topTokens().isEmpty()
            ? List.of()
            : completion.topTokens().subList(told.read, count),
        completion);
  }

  private void tell(
      int generation,
      int index,
      List<GeneratedToken> next,
      List<List<GeneratedToken>> top,
      @Nullable Completion ended) {
    Told told = texts.get(index);
    told.read += next.size();
    StringBuilder text = new StringBuilder();
    if (request.wantsEcho() && !told.echoed) {
      told.echoed = true;
      text.append(EchoedPrompt.text(prompts.get(generation), prompt, spelling));
      told.logprobs.add(prompt, promptTop);
    }
    if (ended == null) {
      for (GeneratedToken token : next) {
        String piece = token.special() ? "" : token.text();
        told.characters += piece.length();
        text.append(piece);
      }
    } else {
      text.append(ended.text().substring(told.characters)); // with what was held back
    }
    boolean wantsLogprobs = request.logprobs() != null;
    if (wantsLogprobs) {
      told.logprobs.add(next, top);
    }
    if (text.isEmpty() && ended == null && !wantsLogprobs) {
      return; // of a character that is not complete
    }
    tell(
        CompletionsResponse.of(
            identity,
            List.of(
                new CompletionsResponse.Choice(
                    index,
                    text.toString(),
                    wantsLogprobs ? told.logprobs.take() : null,
                    ended == null ? null : AnswerReader.reason(ended))),
            request.wantsUsageWithEach()
                ? before.plus(usage(generation, 0))
                : request.wantsUsage() ? NullNode.getInstance() : null));
  }

  private Usage usage(int generation, int cached) {
    return Usage.of(generations.get(generation).promptTokens(), tokens, cached);
  }
}
