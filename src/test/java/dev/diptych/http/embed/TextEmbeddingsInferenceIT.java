package dev.diptych.http.embed;

import dev.diptych.service.RunningDiptych;

/** The recorded requests against the whole service with the model that was recorded. */
class TextEmbeddingsInferenceIT extends RecordedPeerContract {

  private static final double BFLOAT16_ROUNDING = 0.02;

  @Override
  String baseUrl() {
    return "http://localhost:" + RunningDiptych.withDefaults().port();
  }

  @Override
  double tolerance() {
    return BFLOAT16_ROUNDING;
  }
}
