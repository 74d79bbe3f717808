package dev.diptych.model;

/** What a checkpoint's config.json says about the network, checked for consistency. */
public sealed interface ModelConfig permits DecoderConfig, EncoderConfig {

  /** Rows of the token embedding, and the bound of token ids. */
  int vocabularySize();

  /** Width of a hidden state. */
  int hiddenSize();

  /** Number of Transformer layers. */
  int layers();

  /** Attention heads of a layer. */
  int heads();
}
