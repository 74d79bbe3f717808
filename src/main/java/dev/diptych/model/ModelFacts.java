package dev.diptych.model;

import org.jspecify.annotations.Nullable;

/**
 * What the service tells about a model that answers.
 *
 * @param name the model as the settings name it
 * @param revision the commit or checksum of its files, if known
 * @param dataType what it computes in, such as {@code float32}
 * @param device where it computes, such as {@code cpu} or {@code cuda:0}
 * @param maxInputTokens longest input in tokens
 * @param maxTotalTokens longest input and answer together; null where nothing is generated
 * @param backend what computes it, if known
 */
public record ModelFacts(
    String name,
    @Nullable String revision,
    String dataType,
    String device,
    int maxInputTokens,
    @Nullable Integer maxTotalTokens,
    @Nullable Backend backend) {

  /** The facts of a model that generates nothing. */
  public static ModelFacts ofEncoder(
      String name, String dataType, String device, int maxInputTokens) {
    return new ModelFacts(name, null, dataType, device, maxInputTokens, null, null);
  }

  /** The same with what computes it. */
  public ModelFacts on(Backend other) {
    return new ModelFacts(name, revision, dataType, device, maxInputTokens, maxTotalTokens, other);
  }

  /** An engine that knows the facts of its model. */
  public interface Known {
    ModelFacts facts();
  }
}
