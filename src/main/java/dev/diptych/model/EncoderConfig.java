package dev.diptych.model;

/**
 * A bidirectional encoder's shape.
 *
 * @param positions rows of the position embedding
 * @param firstPosition position of the first token; RoBERTa starts after its padding index
 * @param segments rows of the token type embedding; 0 when there is none
 * @param tied whether the masked-language-model head multiplies with the embeddings, whatever else
 *     a checkpoint stores
 */
public record EncoderConfig(
    Family family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int positions,
    int firstPosition,
    int segments,
    double normEpsilon,
    boolean tied)
    implements ModelConfig {

  /** Encoder families; all run the same forward pass, their weights have other names. */
  public enum Family {
    BERT,
    ROBERTA,
    DISTILBERT
  }

  /** Most tokens of one input. */
  public int maxInputTokens() {
    return positions - firstPosition;
  }
}
