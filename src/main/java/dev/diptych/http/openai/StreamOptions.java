package dev.diptych.http.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a stream tells besides the answer. */
record StreamOptions(
    @Schema(
            description = "Sends one more event with the usage, before [DONE]",
            defaultValue = "false")
        @Nullable Boolean includeUsage,
    @Schema(description = "Tells the usage so far with every event", defaultValue = "false")
        @Nullable Boolean continuousUsageStats) {

  boolean wantsUsage() {
    return Boolean.TRUE.equals(includeUsage) || wantsUsageWithEach();
  }

  boolean wantsUsageWithEach() {
    return Boolean.TRUE.equals(continuousUsageStats);
  }
}
