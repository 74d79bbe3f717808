package dev.diptych.tasks;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told of a text's tags.
 *
 * @param ignoredLabels labels of tokens, or of entities where there are some, that are left out
 * @param stride tokens that two windows of a long text have in common, from 0; null to see the
 *     beginning of a text only, where the service's setting allows to cut it
 */
public record TaggingOptions(
    AggregationStrategy strategy, Set<String> ignoredLabels, @Nullable Integer stride) {

  /** What is left out unless a request says: everything that is no entity. */
  public static final Set<String> OUTSIDE = Set.of("O");

  /** Nothing asked for. */
  public static final TaggingOptions DEFAULT =
      new TaggingOptions(AggregationStrategy.NONE, OUTSIDE, null);

  public TaggingOptions {
    ignoredLabels = Set.copyOf(ignoredLabels);
  }
}
