package dev.diptych.tasks;

import dev.diptych.InferenceFailed;
import dev.diptych.encoding.EncoderInput;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.LogitScore;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.tokenization.PairPrompt;
import dev.diptych.tokenization.PairTokens;
import dev.diptych.tokenization.TextPairs;
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of which a decoder is asked whether the text answers the query, as Qwen3-Reranker was
 * trained to be (arXiv:2506.05176). The score is the logit of "yes" less that of "no", of which a
 * sigmoid is the probability of "yes" among both.
 */
final class JudgedPairs implements PairScorer {

  private static final String YES = "yes";
  private static final String NO = "no";

  private static final PairPrompt PROMPT =
      new PairPrompt(
          """
          <|im_start|>system
          Judge whether the Document meets the requirements based on the Query and the Instruct \
          provided. Note that the answer can only be "yes" or "no".<|im_end|>
          <|im_start|>user
          <Instruct>: Given a web search query, retrieve relevant passages that answer the query
          <Query>:""",
          "<Document>:",
          """
          <|im_end|>
          <|im_start|>assistant
          <think>

          </think>

          """,
          " ",
          "\n");

  private final TextPairs pairs;
  private final int yes;
  private final int no;

  /**
   * @param score what the checkpoint says of it; null for nothing
   * @throws IllegalArgumentException if the model has another head, no such tokens or scores by
   *     others, or takes too few of them
   */
  JudgedPairs(HeadedEncoder encoder, @Nullable LogitScore score) {
    if (!(encoder.head() instanceof Head.LanguageModel)) {
      throw new IllegalArgumentException(encoder.facts().name() + " does not continue texts");
    }
    this.pairs = encoder.pairsIn(PROMPT);
    this.yes = id(encoder, YES);
    this.no = id(encoder, NO);
    if (score != null && !score.equals(new LogitScore(yes, OptionalInt.of(no)))) {
      throw new IllegalArgumentException(
          "%s cannot rank: its LogitScore is of other tokens than \"yes\" and \"no\", which Qwen3-Reranker's prompt asks for"
              .formatted(encoder.facts().name()));
    }
  }

  private static int id(HeadedEncoder encoder, String token) {
    return encoder
        .tokenizer()
        .id(token)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s cannot rank: its vocabulary has no token \"%s\""
                        .formatted(encoder.facts().name(), token)));
  }

  @Override
  public EncoderTask task() {
    return new EncoderTask.NextToken();
  }

  @Override
  public Labels labels() {
    return new Labels(List.of(YES), null);
  }

  @Override
  public TextPairs pairs() {
    return pairs;
  }

  @Override
  public Truncation cut() {
    return Truncation.ONLY_SECOND;
  }

  @Override
  public EncodingMetrics score(
      HeadedEncoder.Request request, List<PairTokens> pairs, int characters, float[] scores) {
    List<EncoderInput> inputs = new ArrayList<>();
    for (PairTokens pair : pairs) {
      int place = inputs.size();
      inputs.add(EncoderInput.followed(pair.ids(), (_, logits) -> scores[place] = score(logits)));
    }
    return request.read(inputs, characters);
  }

  private float score(float[] logits) {
    float score = logits[yes] - logits[no];
    if (!Float.isFinite(score)) {
      throw new InferenceFailed("the model gave a number that is not finite: " + score);
    }
    return score;
  }
}
