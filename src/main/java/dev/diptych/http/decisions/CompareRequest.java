package dev.diptych.http.decisions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both halves are asked.
 *
 * @param decoder which one is to answer; null takes the default
 * @param encoder likewise
 * @param state what the questions are about
 */
record CompareRequest(
    @Nullable String decoder, @Nullable String encoder, String state, List<Asked> asked) {

  CompareRequest {
    asked = List.copyOf(asked);
  }
}
