package dev.diptych.http.generate;

import dev.diptych.chat.ChatPrompt;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The prompt that a chat becomes. */
@Tag(name = "Generation")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorResponse.class)))
@RestController
final class ChatTokenizeController {

  private final ServedModels<TextGenerator> served;

  ChatTokenizeController(ServedModels<TextGenerator> served) {
    this.served = served;
  }

  @Operation(summary = "The prompt that messages become, and its tokens")
  @ApiResponse(responseCode = "200", description = "The prompt")
  @PostMapping("/chat_tokenize")
  ResponseEntity<ChatTokenizeResponse> tokenize(@RequestBody ChatTokenizeRequest request) {
    TextGenerator generator = served.engine(request.model());
    ChatPrompt prompt = generator.chat().prompt(request.conversation());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            new ChatTokenizeResponse(
                generator.places(prompt.text(), prompt.ids()).stream()
                    .map(ChatTokenizeResponse.SimpleToken::of)
                    .toList(),
                prompt.text()));
  }
}
