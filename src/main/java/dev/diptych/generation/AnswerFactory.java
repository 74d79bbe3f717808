package dev.diptych.generation;

import dev.diptych.sampling.Candidates;
import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.TokenSampler;
import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes the answers of a generation and chooses between them. The engine's thread owns it. */
final class AnswerFactory {

  private static final long SEED_BOUND = 1L << 53; // exact in every JSON reader
  private static final int CONTEXT_TOKENS = 16;

  private final Tokenizer tokenizer;
  private final TokenTexts texts;
  private final Candidates candidates;

  AnswerFactory(Tokenizer tokenizer, Set<Integer> endOfText, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.texts = new TokenTexts(tokenizer, endOfText, vocabularySize);
    this.candidates = new Candidates(vocabularySize);
  }

  Answer create(Generation generation) {
    GenerationRequest request = generation.request();
    int[] prompt = generation.prompt();
    SamplingParameters sampling = request.sampling();
    Long seed = seedOf(sampling);
    List<Integer> context =
        Arrays.stream(prompt).skip(Math.max(0, prompt.length - CONTEXT_TOKENS)).boxed().toList();
    return new Answer(
        generation,
        new Sequence(prompt, generation.maxNewTokens(), request.promptDetails()),
        new TokenSampler(sampling, seed == null ? 0 : seed, candidates),
        seed,
        texts,
        new AnswerText(tokenizer.detokenizer(context), request.stop()));
  }

  /** The most probable answer first, as the event that ends a generation. */
  GenerationEvent.Finished finished(Generation generation) {
    List<Completion> completions =
        generation.answers().stream()
            .map(Answer::completion)
            .sorted((a, b) -> Double.compare(b.meanLogProbability(), a.meanLogProbability()))
            .toList();
    return new GenerationEvent.Finished(
        completions.getFirst(), completions.subList(1, completions.size()), generation.timings());
  }

  private static @Nullable Long seedOf(SamplingParameters sampling) {
    if (!sampling.isSampled()) {
      return null;
    }
    Long seed = sampling.seed();
    return seed == null ? Long.valueOf(ThreadLocalRandom.current().nextLong(SEED_BOUND)) : seed;
  }
}
