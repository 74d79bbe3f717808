package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed response. Which fields it has depends on its type.
 *
 * @param sequenceNumber counted from 0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ResponseEvent(
    @Schema(example = "response.output_text.delta") @Nullable String type,
    @Nullable Integer sequenceNumber,
    @Nullable ResponseBody response,
    @Nullable Integer outputIndex,
    @Nullable String itemId,
    @Nullable Integer contentIndex,
    @Schema(implementation = Object.class) @Nullable ResponseItem item,
    ResponseItem.@Nullable Part part,
    @Nullable String delta,
    @Nullable String text,
    @Nullable String name,
    @Nullable String arguments,
    @Nullable List<String> logprobs) {

  static ResponseEvent of(String type, ResponseBody response) {
    return new ResponseEvent(
        "response." + type,
        null,
        response,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static ResponseEvent item(String type, int index, ResponseItem item) {
    return new ResponseEvent(
        "response.output_item." + type,
        null,
        null,
        index,
        null,
        null,
        item,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static ResponseEvent part(String type, int index, String itemId, ResponseItem.Part part) {
    return new ResponseEvent(
        "response.content_part." + type,
        null,
        null,
        index,
        itemId,
        0,
        null,
        part,
        null,
        null,
        null,
        null,
        null);
  }

  /** More of an output_text or a reasoning_text. */
  static ResponseEvent delta(String kind, int index, String itemId, String delta) {
    return new ResponseEvent(
        "response." + kind + ".delta",
        null,
        null,
        index,
        itemId,
        0,
        null,
        null,
        delta,
        null,
        null,
        null,
        ofOutput(kind));
  }

  /** All of an output_text or a reasoning_text. */
  static ResponseEvent text(String kind, int index, String itemId, String text) {
    return new ResponseEvent(
        "response." + kind + ".done",
        null,
        null,
        index,
        itemId,
        0,
        null,
        null,
        null,
        text,
        null,
        null,
        ofOutput(kind));
  }

  static ResponseEvent argumentsDelta(int index, String itemId, String delta) {
    return new ResponseEvent(
        "response.function_call_arguments.delta",
        null,
        null,
        index,
        itemId,
        null,
        null,
        null,
        delta,
        null,
        null,
        null,
        null);
  }

  static ResponseEvent arguments(int index, String itemId, String name, String arguments) {
    return new ResponseEvent(
        "response.function_call_arguments.done",
        null,
        null,
        index,
        itemId,
        null,
        null,
        null,
        null,
        null,
        name,
        arguments,
        null);
  }

  /** The same with its place among all events. */
  ResponseEvent at(int number) {
    return new ResponseEvent(
        type,
        number,
        response,
        outputIndex,
        itemId,
        contentIndex,
        item,
        part,
        delta,
        text,
        name,
        arguments,
        logprobs);
  }

  private static @Nullable List<String> ofOutput(String kind) {
    return kind.equals("output_text") ? List.of() : null;
  }
}
