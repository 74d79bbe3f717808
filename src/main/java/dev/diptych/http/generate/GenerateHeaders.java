package dev.diptych.http.generate;

import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.GenerationTimings;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** The headers in which text-generation-inference says what a request cost; times are in ms. */
final class GenerateHeaders {

  private static final double NANOS_PER_MILLI = 1e6;

  private GenerateHeaders() {}

  /** What is known at the start. */
  static HttpHeaders ofStarted(Generation generation, String prompt, String device) {
    HttpHeaders headers = new HttpHeaders();
    headers.set("x-compute-type", device.equals("cpu") ? "cpu" : "gpu");
    headers.set(
        "x-compute-characters", Integer.toString(prompt.codePointCount(0, prompt.length())));
    headers.set("x-prompt-tokens", Integer.toString(generation.promptTokens()));
    return headers;
  }

  /** All of them. */
  static HttpHeaders ofFinished(
      Generation generation, GenerationEvent.Finished finished, String prompt, String device) {
    GenerationTimings timings = finished.timings();
    int tokens = finished.completion().tokens().size();
    HttpHeaders headers = ofStarted(generation, prompt, device);
    headers.set("x-compute-time", Double.toString(timings.total().toNanos() / 1e9));
    headers.set("x-total-time", milliseconds(timings.total()));
    headers.set("x-validation-time", milliseconds(timings.validation()));
    headers.set("x-queue-time", milliseconds(timings.queue()));
    headers.set("x-inference-time", milliseconds(timings.inference()));
    headers.set(
        "x-time-per-token", milliseconds(timings.inference().dividedBy(Math.max(1, tokens))));
    headers.set("x-generated-tokens", Integer.toString(tokens));
    return headers;
  }

  private static String milliseconds(Duration duration) {
    return Long.toString(Math.round(duration.toNanos() / NANOS_PER_MILLI));
  }
}
