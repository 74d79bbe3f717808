package dev.diptych.generation;

import dev.diptych.DiptychSettings;
import dev.diptych.InvalidInput;
import dev.diptych.model.DecoderModel;
import java.util.Collection;
import java.util.List;

/**
 * What a request may ask for. The messages are those of text-generation-inference.
 *
 * @param maxInputTokens longest prompt
 * @param maxTotalTokens longest prompt and answer together, by the model's context, the settings
 *     and the cache memory
 * @param defaultMaxNewTokens length of an answer when a request does not say
 */
record GenerationLimits(
    int maxInputTokens,
    int maxTotalTokens,
    int defaultMaxNewTokens,
    int maxStopSequences,
    int maxStopCharacters,
    int maxTopTokens,
    int maxBestOf,
    int vocabularySize) {

  private static final int MOST_SHOWN = 20;

  /**
   * The settings' limits, narrowed to what the model can do.
   *
   * @param cacheMemory bytes for keys and values
   */
  static GenerationLimits of(
      DiptychSettings.Generation settings, DecoderModel model, long cacheMemory) {
    long cacheTokens = cacheMemory / model.cacheBytesPerToken();
    int context = (int) Math.min(model.contextLength(), cacheTokens);
    int total = orLess(settings.maxTotalTokens(), context);
    if (total < 2) {
      throw new IllegalArgumentException(
          "diptych.generation.cache-memory holds %d tokens of %d bytes, 2 are needed"
              .formatted(cacheTokens, model.cacheBytesPerToken()));
    }
    return new GenerationLimits(
        orLess(settings.maxInputTokens(), total - 1),
        total,
        settings.defaultMaxNewTokens(),
        settings.maxStopSequences(),
        settings.maxStopCharacters(),
        settings.maxTopNTokens(),
        settings.maxBestOf(),
        model.vocabularySize());
  }

  /** Checks all of a request that needs no tokenizer. */
  void check(GenerationRequest request) {
    boolean isEmpty =
        switch (request.prompt()) {
          case Prompt.Text(String text, _) -> text.isEmpty();
          case Prompt.Tokens(int[] ids) -> ids.length == 0;
        };
    if (isEmpty) {
      throw new InvalidInput("`inputs` cannot be empty");
    }
    Integer truncate = request.truncate();
    if (truncate != null && (truncate < 1 || truncate > maxInputTokens)) {
      throw new InvalidInput(
          "`truncate` must be strictly positive and less than %d. Given: %d"
              .formatted(maxInputTokens, truncate));
    }
    checkStop(request.ending().stop());
    int topTokens = request.report().topTokens();
    if (topTokens < 0 || topTokens > maxTopTokens) {
      throw new InvalidInput(
          "`top_n_tokens` must be >= 0 and <= %d. Given: %d".formatted(maxTopTokens, topTokens));
    }
    checkChoices(request.choices());
    checkVocabulary("next", request.report().next());
    checkVocabulary("logit_bias", request.sampling().logitBias().keySet());
  }

  private void checkVocabulary(String field, Collection<Integer> tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= vocabularySize) {
        throw new InvalidInput(
            "`%s` contains the token %d, the model knows 0 to %d"
                .formatted(field, token, vocabularySize - 1));
      }
    }
  }

  private void checkStop(List<String> stops) {
    if (stops.size() > maxStopSequences) {
      throw new InvalidInput(
          "`stop` supports up to %d stop sequences. Given: %d"
              .formatted(maxStopSequences, stops.size()));
    }
    for (String stop : stops) {
      int characters = stop.codePointCount(0, stop.length());
      if (characters > maxStopCharacters) {
        throw new InvalidInput(
            "`stop` supports up to %d characters in each (diptych.generation.max-stop-characters). Given: %d, \"%s…\""
                .formatted(
                    maxStopCharacters,
                    characters,
                    stop.substring(0, stop.offsetByCodePoints(0, shown(maxStopCharacters)))));
      }
    }
    if (stops.contains("")) {
      throw new InvalidInput("`stop` must not contain an empty string");
    }
  }

  private static int shown(int characters) {
    return Math.min(characters, MOST_SHOWN);
  }

  private void checkChoices(Choices choices) {
    int drawn = choices.drawn();
    if (drawn < 1 || drawn > maxBestOf) {
      throw new InvalidInput(
          "`best_of` must be > 0 and <= %d. Given: %d".formatted(maxBestOf, drawn));
    }
    if (choices.returned() < 1 || choices.returned() > drawn) {
      throw new InvalidInput(
          "`n` must be > 0 and <= `best_of`. Given: %d of %d".formatted(choices.returned(), drawn));
    }
  }

  /**
   * Checks what is known of a prompt before it is tokenized: that it has at least so many tokens.
   */
  void checkFewest(int promptTokens) {
    if (promptTokens > maxInputTokens) {
      throw new InvalidInput(
          InvalidInput.Kind.TOO_LONG,
          "`inputs` must have less than %d tokens. Given: at least %d"
              .formatted(maxInputTokens, promptTokens));
    }
  }

  /** The length of the answer to a prompt of so many tokens. */
  int maxNewTokens(int promptTokens, GenerationRequest request) {
    Integer requested = request.maxNewTokens();
    if (promptTokens > maxInputTokens) {
      throw new InvalidInput(
          InvalidInput.Kind.TOO_LONG,
          "`inputs` must have less than %d tokens. Given: %d"
              .formatted(maxInputTokens, promptTokens));
    }
    if (requested == null) {
      return Math.min(defaultMaxNewTokens, maxTotalTokens - promptTokens);
    }
    if (requested < (isOfPromptOnly(request) ? 0 : 1)) {
      throw new InvalidInput("`max_new_tokens` must be strictly positive. Given: " + requested);
    }
    if (requested > maxTotalTokens - promptTokens) {
      throw new InvalidInput(
          InvalidInput.Kind.TOO_LONG,
          "`inputs` tokens + `max_new_tokens` must be <= %d. Given: %d `inputs` tokens and %d `max_new_tokens`"
              .formatted(maxTotalTokens, promptTokens, requested));
    }
    return requested;
  }

  /* Then there may be no answer. */
  private static boolean isOfPromptOnly(GenerationRequest request) {
    return request.report().isOfPrompt() && request.choices().drawn() == 1;
  }

  private static int orLess(int setting, int bound) {
    return setting == 0 ? bound : Math.min(setting, bound);
  }
}
