package dev.diptych.http.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.http.TextList;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /models/load}. */
@Schema(example = "{\"model\": \"Qwen/Qwen2.5-0.5B-Instruct\", \"name\": \"qwen\"}")
record LoadRequest(
    @Schema(
            description =
                "The name of a model that there is, or a source: a name in the catalogue,"
                    + " org/name[@revision], a folder or a .gguf file",
            example = "Qwen/Qwen2.5-0.5B-Instruct",
            minLength = 1,
            maxLength = 300)
        @NotNull
        String model,
    @Schema(
            description = "What requests are to call it; its source if absent",
            example = "qwen",
            pattern = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
        @Nullable String name,
    @Schema(
            description =
                "What it is to do: generate, fill-mask, embed, classify, rank, tag, answer;"
                    + " whatever its head can do if absent",
            example = "[\"generate\"]")
        @JsonDeserialize(using = TextList.class)
        @Nullable List<String> tasks,
    @Schema(
            description = "Instead of diptych.models.precision",
            allowableValues = {"auto", "float32", "float16", "bfloat16", "int8"})
        @Nullable String precision,
    @Schema(
            description = "Instead of diptych.models.backend",
            allowableValues = {"auto", "pytorch", "machine-code"})
        @Nullable String backend,
    @Schema(description = "Answer only when it can be used", defaultValue = "false")
        @JsonProperty("wait")
        @Nullable Boolean untilReady) {}
