package dev.diptych.http;

/** The field of a request that names the model. */
public final class ModelField {

  /** What it is, for the API description. */
  public static final String DESCRIPTION =
      "The model by one of its names, as /v1/models lists them; absent takes the default";

  private ModelField() {}
}
