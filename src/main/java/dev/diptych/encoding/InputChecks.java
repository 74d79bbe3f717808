package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Head;

/** What must hold of an input before native code sees it. */
final class InputChecks {

  private InputChecks() {}

  static void check(EncoderModel model, EncoderTask task, EncoderInput input) {
    int tokens = input.tokens();
    if (tokens == 0) {
      throw new InvalidInput("`inputs` contains a text without any token");
    }
    if (tokens > model.maxInputTokens()) {
      throw tooLong(model.maxInputTokens(), tokens);
    }
    for (int id : input.tokenIds()) {
      if (id < 0 || id >= model.vocabularySize()) {
        throw unknownId(id, model.vocabularySize());
      }
    }
    if (input.typeIds().length != tokens) {
      throw new IllegalArgumentException("one segment per token is needed");
    }
    for (int type : input.typeIds()) {
      if (type < 0 || type > 1) {
        throw new IllegalArgumentException("segment %d is not 0 or 1".formatted(type));
      }
    }
    switch (task) {
      case EncoderTask.Pooled _,
          EncoderTask.HiddenStates _,
          EncoderTask.TextLogits _,
          EncoderTask.TokenLogits _ -> {
        if (input.rows().length > 0) {
          throw new IllegalArgumentException("rows belong to logits over the vocabulary only");
        }
      }
      case EncoderTask.LargestLogits _ -> requireHead(model);
      case EncoderTask.MaskedLanguageModel _ -> {
        requireHead(model);
        checkRows(input);
      }
      case EncoderTask.NextToken _ -> {
        if (!(model.head() instanceof Head.LanguageModel)) {
          throw new InvalidInput("the model has no language model's head");
        }
        checkRows(input);
      }
    }
  }

  private static void checkRows(EncoderInput input) {
    if (input.rows().length == 0) {
      throw new IllegalArgumentException("no rows are asked for");
    }
    for (int row : input.rows()) {
      if (row < 0 || row >= input.tokens()) {
        throw new IllegalArgumentException(
            "row %d lies outside the %d tokens".formatted(row, input.tokens()));
      }
    }
  }

  private static void requireHead(EncoderModel model) {
    if (!model.hasMaskedLanguageModelHead()) {
      throw new InvalidInput("the model has no masked-language-model head");
    }
  }

  static InvalidInput tooLong(int limit, int tokens) {
    return new InvalidInput(
        "`inputs` must have at most %d tokens. Given: %d".formatted(limit, tokens));
  }

  static InvalidInput unknownId(int id, int vocabularySize) {
    return new InvalidInput(
        "token id %d is not in the vocabulary, which has %d entries (0 to %d)"
            .formatted(id, vocabularySize, vocabularySize - 1));
  }
}
