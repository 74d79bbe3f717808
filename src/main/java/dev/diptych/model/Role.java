package dev.diptych.model;

import java.util.Arrays;
import java.util.Optional;

/** What a model is used for. */
public enum Role {
  GENERATE("generate", "/generate"),
  FILL_MASK("fill-mask", "/fill-mask"),
  EMBED("embed", "/embed"),
  EMBED_SPARSE("embed-sparse", "/embed_sparse"),
  CLASSIFY("classify", "/predict"),
  RANK("rank", "/rerank"),
  TAG("tag", "/token-classification"),
  ANSWER("answer", "/question-answering");

  private final String label;
  private final String endpoint;

  Role(String label, String endpoint) {
    this.label = label;
    this.endpoint = endpoint;
  }

  /** The role with a label, if there is one. */
  public static Optional<Role> of(String label) {
    return Arrays.stream(values()).filter(role -> role.label.equals(label)).findFirst();
  }

  /** The name in settings, logs and the health endpoint. */
  public String label() {
    return label;
  }

  /** The first of the paths that need such a model. */
  public String endpoint() {
    return endpoint;
  }
}
