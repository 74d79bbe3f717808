package dev.diptych.source;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a source delivers, and so what it takes to bring it into the store's layout. */
enum CheckpointFormat {
  /** A Hugging Face folder, kept as it is. */
  @JsonProperty("huggingface")
  HUGGING_FACE,
  /** One GGUF file. */
  @JsonProperty("gguf")
  GGUF,
  /** The files of a TensorFlow checkpoint of BERT, with vocab.txt. */
  @JsonProperty("tensorflow-bert")
  TENSORFLOW_BERT
}
