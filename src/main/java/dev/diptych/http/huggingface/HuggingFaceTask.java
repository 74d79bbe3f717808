package dev.diptych.http.huggingface;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** What the API description says of every task of Hugging Face: its section and its errors. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(
    name = "Hugging Face tasks",
    description = "What encoders understand, each task as Hugging Face's clients know it")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = HuggingFaceError.class)))
@interface HuggingFaceTask {}
