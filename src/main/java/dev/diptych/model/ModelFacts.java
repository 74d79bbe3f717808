package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * What the service tells about a model that answers.
 *
 * @param revision the commit or checksum of its files, if known
 * @param dataType what it computes in, such as {@code float32}
 * @param device where it computes, such as {@code cpu} or {@code cuda:0}
 * @param maxInputTokens longest input in tokens
 * @param maxTotalTokens longest input and answer together; null where nothing is generated
 */
public record ModelFacts(
    @Nullable String revision,
    String dataType,
    String device,
    int maxInputTokens,
    @Nullable Integer maxTotalTokens) {

  /** An engine that knows the facts of its model. */
  public interface Known {
    ModelFacts facts();
  }
}
