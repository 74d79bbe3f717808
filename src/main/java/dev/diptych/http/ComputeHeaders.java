package dev.diptych.http;

import dev.diptych.encoding.EncodingMetrics;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** The headers in which text-embeddings-inference says what a request cost; times are in ms. */
public final class ComputeHeaders {

  private ComputeHeaders() {}

  /** A JSON answer with these headers. */
  public static <T> ResponseEntity<T> answer(String device, EncodingMetrics metrics, T body) {
    String total = Long.toString(metrics.total().toMillis());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header("x-compute-type", device.equals("cpu") ? "cpu" : "gpu")
        .header("x-compute-time", total)
        .header("x-compute-characters", Integer.toString(metrics.characters()))
        .header("x-compute-tokens", Integer.toString(metrics.tokens()))
        .header("x-total-time", total)
        .header("x-tokenization-time", Long.toString(metrics.tokenization().toMillis()))
        .header("x-queue-time", Long.toString(metrics.queue().toMillis()))
        .header("x-inference-time", Long.toString(metrics.inference().toMillis()))
        .body(body);
  }
}
