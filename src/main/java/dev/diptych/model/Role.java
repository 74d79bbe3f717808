package dev.diptych.model;

/** What a model is used for. */
public enum Role {
  GENERATE("generate"),
  FILL_MASK("fill-mask"),
  EMBED("embed");

  private final String label;

  Role(String label) {
    this.label = label;
  }

  /** The name in settings, logs and the health endpoint. */
  public String label() {
    return label;
  }
}
