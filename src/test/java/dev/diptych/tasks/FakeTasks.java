package dev.diptych.tasks;

import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.EncodingWatch;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.model.blueprint.Pooling;
import java.util.List;

/**
 * A classifier and a ranker without weights, whose answers depend on the tokens of a text alone.
 */
public final class FakeTasks {

  /** Most tokens of a text or pair. */
  public static final int MOST_TOKENS = 256;

  /** Most texts of a request to the ranker. */
  public static final int MOST_RANKED = 1000;

  /** Inputs that have a place at once. */
  public static final int PLACES = 64;

  private FakeTasks() {}

  /** A classifier whose labels are these. */
  public static TextClassifier classifier(
      AnswerMemory memory, Runnable beforeForwardPass, EncodingWatch watch, String... labels) {
    return new TextClassifier(encoder(memory, beforeForwardPass, watch, labels));
  }

  /** A ranker. */
  public static Ranker ranker(
      AnswerMemory memory, Runnable beforeForwardPass, EncodingWatch watch) {
    return new Ranker(
        encoder(memory, beforeForwardPass, watch, "LABEL_0"),
        new BatchLimit(MOST_RANKED, "diptych.encoding.max-ranked-texts"));
  }

  /** Sparse vectors over the vocabulary of {@link FakeEncoder}. */
  public static SparseEmbedder sparseEmbedder(
      AnswerMemory memory, Runnable beforeForwardPass, EncodingWatch watch) {
    return new SparseEmbedder(
        encoder(memory, beforeForwardPass, watch, new Head.MaskedLanguageModel(true, null, true)),
        Prompts.NONE);
  }

  private static HeadedEncoder encoder(
      AnswerMemory memory, Runnable beforeForwardPass, EncodingWatch watch, String... labels) {
    return encoder(
        memory,
        beforeForwardPass,
        watch,
        new Head.SequenceClassifier(new Labels(List.of(labels), null), Pooling.CLS, null, true));
  }

  private static HeadedEncoder encoder(
      AnswerMemory memory, Runnable beforeForwardPass, EncodingWatch watch, Head head) {
    return new HeadedEncoder(
        new EncoderEngine(
            "fake",
            new FakeEncoder(MOST_TOKENS, head, _ -> beforeForwardPass.run()),
            PLACES,
            16_384,
            watch),
        new WordTokenizer(),
        new EncoderLimits(MOST_TOKENS, 32, true),
        ModelFacts.ofEncoder("fake", "float32", "cpu", MOST_TOKENS),
        memory);
  }
}
