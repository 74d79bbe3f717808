package dev.diptych.generation;

import static java.util.Comparator.comparingDouble;

import dev.diptych.sampling.Candidates;
import dev.diptych.sampling.PlainProbabilities;
import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.TokenSampler;
import dev.diptych.sampling.constraint.CompiledConstraint;
import dev.diptych.sampling.constraint.ConstraintState;
import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the answers of a generation and chooses between them. The engine's thread owns it. */
final class AnswerFactory {

  private static final long SEED_BOUND = 1L << 53; // exact in every JSON reader
  private static final int CONTEXT_TOKENS = 16;

  private final Tokenizer tokenizer;
  private final TokenTexts texts;
  private final Candidates candidates;
  private final PlainProbabilities plain;

  AnswerFactory(Tokenizer tokenizer, Set<Integer> endOfText, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.texts = new TokenTexts(tokenizer, endOfText, vocabularySize);
    this.candidates = new Candidates(vocabularySize);
    this.plain = new PlainProbabilities(candidates);
  }

  /**
   * An answer that has not begun.
   *
   * @param index of it among those of its generation; only the first tells of the prompt
   */
  Answer create(Generation generation, int index) {
    GenerationRequest request = generation.request();
    int[] prompt = generation.prompt();
    SamplingParameters sampling = request.sampling();
    CompiledConstraint constraint = generation.constraint();
    ConstraintState state = constraint == null ? null : constraint.start();
    Long seed = seedOf(sampling, index);
    List<Integer> context =
        Arrays.stream(prompt).skip(Math.max(0, prompt.length - CONTEXT_TOKENS)).boxed().toList();
    return new Answer(
        generation,
        index,
        new Sequence(
            prompt,
            generation.maxNewTokens(),
            index == 0 && request.report().prompt(),
            state == null ? draft -> draft.length : state::foreseeable),
        new TokenSampler(
            sampling, request.report().plain(), seed == null ? 0 : seed, prompt.length, candidates),
        seed,
        texts,
        new AnswerText(tokenizer.detokenizer(context), request.ending()),
        plain,
        state);
  }

  /** The event that ends a generation. */
  GenerationEvent.Finished finished(Generation generation) {
    Choices choices = generation.request().choices();
    Stream<Completion> all = generation.answers().stream().map(Answer::completion);
    List<Completion> completions =
        choices.areAllReturned()
            ? all.toList()
            : all.sorted(comparingDouble(Completion::meanLogProbability).reversed()).toList();
    return new GenerationEvent.Finished(
        completions.subList(0, choices.returned()),
        completions.subList(choices.returned(), completions.size()),
        generation.answers().getFirst().sequence().cachedTokens(),
        generation.timings());
  }

  /* That of an answer alone gives the same answer. */
  private static @Nullable Long seedOf(SamplingParameters sampling, int index) {
    if (!sampling.isSampled()) {
      return null;
    }
    Long seed = sampling.seed();
    return seed == null
        ? Long.valueOf(ThreadLocalRandom.current().nextLong(SEED_BOUND))
        : Long.valueOf(seed + index);
  }
}
