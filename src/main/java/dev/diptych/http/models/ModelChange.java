package dev.diptych.http.models;

import io.swagger.v3.oas.annotations.media.Schema;

/** What has become of a model. */
record ModelChange(
    @Schema(description = "Always true: what fails is an error") boolean success,
    @Schema(description = "Its name", example = "qwen") String model,
    @Schema(allowableValues = {"coming", "ready", "failed", "unloaded"}) String state) {}
