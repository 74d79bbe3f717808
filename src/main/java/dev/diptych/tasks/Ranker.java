package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.model.LogitScore;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.tokenization.PairTokens;
import dev.diptych.tokenization.PairsOfOne;
import dev.diptych.tokenization.TextPairs.Kept;
import dev.diptych.tokenization.TextPairs.Truncation;
import dev.diptych.tokenization.TextWorkers;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells how well each of several texts answers a query, with a classifier of pairs that has a
 * single label or a decoder that says yes or no. Safe for use from any number of threads.
 */
public final class Ranker implements AutoCloseable, ModelFacts.Known {

  /** What a text takes until the answer is written, besides its tokens. */
  private static final int BYTES_PER_TEXT = 128;

  /** A token and its segment. */
  private static final int BYTES_PER_TOKEN = 2 * Integer.BYTES;

  /** Most tokens of a UTF-16 unit, which are its bytes in UTF-8, unless it is taken apart first. */
  private static final int TOKENS_PER_UNIT = 3;

  private final HeadedEncoder encoder;
  private final BatchLimit limit;
  private final PairScorer scorer;

  /**
   * Ranks by a classifier.
   *
   * @param limit how many texts one request may bring
   * @throws IllegalArgumentException if the model has another head, or takes too few tokens
   */
  public Ranker(HeadedEncoder encoder, BatchLimit limit) {
    this(encoder, limit, new ClassifiedPairs(encoder));
  }

  /**
   * Ranks by what a decoder of the kind of Qwen3-Reranker answers.
   *
   * @param score what the checkpoint says of it; null for nothing
   * @param limit how many texts one request may bring
   * @throws IllegalArgumentException if the model is no such decoder, or takes too few tokens
   */
  public static Ranker judging(
      HeadedEncoder encoder, @Nullable LogitScore score, BatchLimit limit) {
    return new Ranker(encoder, limit, new JudgedPairs(encoder, score));
  }

  private Ranker(HeadedEncoder encoder, BatchLimit limit, PairScorer scorer) {
    this.encoder = encoder;
    this.limit = limit;
    this.scorer = scorer;
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /** The single label. */
  public Labels labels() {
    return scorer.labels();
  }

  /**
   * A score for each text.
   *
   * @param texts at least one
   * @param field of the request that has them, for messages
   * @param keeper is given what the request holds until its answer is written
   * @throws InvalidInput if there is no text or too many, or a pair is empty, or too long and not
   *     to be cut
   * @throws dev.diptych.Overloaded if there is no place for all of them, or no memory
   */
  public Ranking rank(
      String query, List<String> texts, String field, RankOptions options, Keeper keeper) {
    return encoder.answer(
        scorer.task(),
        texts.size(),
        () -> limit.check(texts.size(), field),
        keeper,
        request -> {
          request.reserve(bytes(query, texts));
          float[] scores = new float[texts.size()];
          List<PairTokens> pairs = encode(query, texts, options);
          EncodingMetrics metrics = scorer.score(request, pairs, characters(query, texts), scores);
          return new Ranking(scores, metrics);
        });
  }

  private List<PairTokens> encode(String query, List<String> texts, RankOptions options) {
    boolean truncate =
        options.truncate() == null ? encoder.limits().autoTruncate() : options.truncate();
    PairsOfOne ofQuery =
        scorer
            .pairs()
            .with(
                query,
                truncate ? scorer.cut() : Truncation.NEITHER,
                options.direction() == TruncationDirection.LEFT ? Kept.END : Kept.BEGINNING);
    return TextWorkers.shared()
        .each(texts, String::length, text -> attempt(ofQuery, query, text, options))
        .stream()
        .map(Supplier::get)
        .toList();
  }

  /* A failure is thrown by the one that asks for the result. */
  private static Supplier<PairTokens> attempt(
      PairsOfOne ofQuery, String query, String text, RankOptions options) {
    try {
      if (query.isEmpty() && text.isEmpty()) {
        throw new InvalidInput(InvalidInput.Kind.EMPTY, "`query` and a text cannot both be empty");
      }
      PairTokens pair =
          options.mostOfEachText() == null
              ? ofQuery.encode(text)
              : ofQuery.encode(text, options.mostOfEachText());
      return () -> pair;
    } catch (InvalidInput e) {
      return () -> {
        throw e;
      };
    }
  }

  /* The query stands in every pair, so what is held is more than what was sent. */
  private long bytes(String query, List<String> texts) {
    long most = encoder.limits().maxInputTokens();
    long around = scorer.pairs().tokensAround();
    long tokens = 0;
    for (String text : texts) {
      tokens += Math.min(most, ((long) query.length() + text.length()) * TOKENS_PER_UNIT + around);
    }
    return tokens * BYTES_PER_TOKEN + (long) texts.size() * BYTES_PER_TEXT;
  }

  /* The query counts with each text, as in text-embeddings-inference. */
  private static int characters(String query, List<String> texts) {
    long characters = (long) query.codePointCount(0, query.length()) * texts.size();
    for (String text : texts) {
      characters += text.codePointCount(0, text.length());
    }
    return (int) Math.min(Integer.MAX_VALUE, characters);
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
