package dev.diptych.http.embed;

import dev.diptych.service.RunningDiptych;

/** The recorded requests against the whole service with the model that was recorded. */
class TextEmbeddingsInferenceIT extends RecordedPeerContract {

  private static final double INT8_ROUNDING = 0.08;
  private static final double INT8_COSINE = 0.99;

  @Override
  String baseUrl() {
    return "http://localhost:" + RunningDiptych.withDefaults().port();
  }

  @Override
  double tolerance() {
    return INT8_ROUNDING;
  }

  @Override
  double leastCosine() {
    return INT8_COSINE;
  }
}
