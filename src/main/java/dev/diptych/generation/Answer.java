package dev.diptych.generation;

import dev.diptych.InferenceFailed;
import dev.diptych.sampling.LogSumExp;
import dev.diptych.sampling.PlainProbabilities;
import dev.diptych.sampling.SampledToken;
import dev.diptych.sampling.TokenProbability;
import dev.diptych.sampling.TokenSampler;
import dev.diptych.sampling.constraint.ConstraintState;
import dev.diptych.sampling.constraint.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One answer in the making: its sequence, its sampler, its text. The engine's thread owns it. */
final class Answer {

  private final Generation generation;
  private final int index;
  private final Sequence sequence;
  private @Nullable TokenSampler sampler; // null: it is finished
  private final TokenTexts texts;
  private final AnswerText text;
  private final PlainProbabilities plain;
  private final @Nullable ConstraintState constraint;
  private final @Nullable Long seed;
  private List<GeneratedToken> prompt = new ArrayList<>();
  private List<List<GeneratedToken>> promptTop = new ArrayList<>();
  private List<Double> next = List.of();
  private final List<GeneratedToken> tokens = new ArrayList<>();
  private final List<List<GeneratedToken>> topTokens = new ArrayList<>();
  private @Nullable FinishReason finishReason;
  private @Nullable Completion completion;

  Answer(
      Generation generation,
      int index,
      Sequence sequence,
      TokenSampler sampler,
      @Nullable Long seed,
      TokenTexts texts,
      AnswerText text,
      PlainProbabilities plain,
      @Nullable ConstraintState constraint) {
    this.generation = generation;
    this.index = index;
    this.sequence = sequence;
    this.sampler = sampler;
    this.seed = seed;
    this.texts = texts;
    this.text = text;
    this.plain = plain;
    this.constraint = constraint;
  }

  Generation generation() {
    return generation;
  }

  /** Which of its generation's answers it is, counted from 0. */
  int index() {
    return index;
  }

  Sequence sequence() {
    return sequence;
  }

  boolean isFinished() {
    return finishReason != null;
  }

  /** Whether its newest token is the first of its generation, which has other answers. */
  boolean isFirstOfSeveral() {
    return index == 0 && tokens.size() == 1 && generation.answers().size() > 1;
  }

  /** Whether its prompt is told of, and nothing has been told before. */
  boolean hasJustScored() {
    return sequence.everyRow() && tokens.size() == Math.min(1, sequence.maxNewTokens());
  }

  /** Takes what another answer to the same prompt knows of it. */
  void repeatPromptOf(Answer other) {
    prompt = other.prompt;
    promptTop = other.promptTop;
    next = other.next;
  }

  /**
   * Takes the logits behind the prompt: chooses the first token, or ends where none is wanted.
   *
   * @throws InferenceFailed if they are no numbers
   */
  void begin(float[] logits, int offset, int vocabularySize) {
    List<Integer> wanted = generation.request().report().next();
    if (!wanted.isEmpty()) {
      next = logProbabilities(wanted, logits, offset, vocabularySize);
    }
    if (sequence.maxNewTokens() == 0) {
      finishReason = FinishReason.LENGTH;
    } else {
      choose(logits, offset);
    }
  }

  private static List<Double> logProbabilities(
      List<Integer> tokens, float[] logits, int offset, int vocabularySize) {
    double total = LogSumExp.of(logits, offset, vocabularySize);
    if (Double.isNaN(total)) {
      throw InferenceFailed.known("the model's logits are not numbers");
    }
    return tokens.stream().map(token -> logits[offset + token] - total).toList();
  }

  /** Chooses the next token from the row of logits at {@code offset}. */
  void choose(float[] logits, int offset) {
    SampledToken sampled = sample(logits, offset);
    int id = sampled.token().id();
    sequence.append(id);
    boolean ends = texts.ends(id);
    boolean special = texts.isSpecial(id);
    String piece = special ? texts.of(id) : text.append(id);
    if (special) {
      text.pass(piece);
    }
    if (text.stopped()) { // by what the request names, though it may end texts anyway
      finishReason = FinishReason.STOP_SEQUENCE;
    } else if (isConstraintMet() || (ends && !generation.request().ending().ignoreEndOfText())) {
      finishReason = FinishReason.END_OF_TEXT;
    } else if (sequence.newTokens() == sequence.maxNewTokens()) {
      finishReason = FinishReason.LENGTH;
    }
    if (isFinished()) {
      sampler = null;
      String held = text.finish();
      piece = special ? piece : piece + held;
    }
    tokens.add(new GeneratedToken(id, piece, sampled.token().logProbability(), special));
    addTop(topTokens, sampled.top());
  }

  private SampledToken sample(float[] logits, int offset) {
    Mask allowed = constraint == null ? null : constraint.mask();
    SampledToken sampled =
        Objects.requireNonNull(sampler)
            .sample(logits, offset, sequence.tokens(), sequence.size(), alternatives(), allowed);
    if (constraint != null) {
      constraint.accept(sampled.token().id());
    }
    return sampled;
  }

  /* Nothing but the end can follow, so nobody needs to compute it. */
  private boolean isConstraintMet() {
    return constraint != null && constraint.isFinished();
  }

  private int alternatives() {
    return generation.request().report().topTokens();
  }

  private void addTop(List<List<GeneratedToken>> all, List<TokenProbability> top) {
    if (alternatives() > 0) {
      all.add(top.stream().map(this::described).toList());
    }
  }

  /**
   * Takes the logits of a part of the prompt.
   *
   * @param logits {@code [rows, vocabulary]}
   * @param firstRow row of the token at position {@code start}; the others follow
   */
  void describePrompt(float[] logits, int firstRow, int start, int count, int vocabularySize) {
    if (start == 0) {
      int first = sequence.tokens()[0];
      prompt.add(new GeneratedToken(first, texts.of(first), null, texts.isSpecial(first)));
      addTop(promptTop, List.of());
    }
    for (int row = 0; row < count && start + row + 1 < sequence.promptTokens(); row++) {
      int next = sequence.tokens()[start + row + 1];
      int offset = (firstRow + row) * vocabularySize;
      SampledToken known = plain.of(logits, offset, next, alternatives());
      prompt.add(described(known.token()));
      addTop(promptTop, known.top());
    }
  }

  /** The newest token, as an event. */
  GenerationEvent.Token newest() {
    return new GenerationEvent.Token(
        index,
        tokens.size(),
        tokens.getLast(),
        topTokens.isEmpty() ? List.of() : topTokens.getLast());
  }

  /** The prompt's tokens, as an event. */
  GenerationEvent.Scored scored() {
    return new GenerationEvent.Scored(prompt, promptTop);
  }

  /** The whole of it, once it is finished. */
  Completion completion() {
    Completion known = completion;
    if (known == null) {
      FinishReason reason = Objects.requireNonNull(finishReason);
      known =
          new Completion(text.toString(), reason, seed, prompt, promptTop, next, tokens, topTokens);
      completion = known;
    }
    return known;
  }

  private GeneratedToken described(TokenProbability token) {
    int id = token.id();
    return new GeneratedToken(id, texts.of(id), token.logProbability(), texts.isSpecial(id));
  }
}
