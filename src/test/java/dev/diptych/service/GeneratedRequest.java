package dev.diptych.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request that nobody planned; the same seed gives the same one.
 *
 * @param line the method and the path
 * @param bytes everything that is sent
 * @param whole whether that is a whole request, which must have an answer
 */
@SuppressWarnings("ArrayRecordComponent")
record GeneratedRequest(String line, byte[] bytes, boolean whole) {

  private static final List<String> PATHS =
      List.of(
          "/generate",
          "/generate_stream",
          "/chat_tokenize",
          "/",
          "/fill-mask",
          "/token-classification",
          "/question-answering",
          "/text-classification",
          "/zero-shot-classification",
          "/sentence-similarity",
          "/feature-extraction",
          "/embed",
          "/embed_all",
          "/similarity",
          "/tokenize",
          "/decode",
          "/v1/chat/completions",
          "/v1/completions",
          "/v1/responses",
          "/v1/decisions",
          "/v1/systemone",
          "/compare",
          "/v1/embeddings",
          "/embeddings",
          "/invocations",
          "/embed_sparse",
          "/predict",
          "/rerank",
          "/v1/rerank",
          "/v2/rerank");
  private static final List<String> OTHER_PATHS =
      List.of(
          "/health",
          "/ping",
          "/info",
          "/docs",
          "/api-doc/openapi.json",
          "/actuator/health",
          "/actuator/health/liveness",
          "/nothing",
          "/v1/nothing",
          "/v1/models",
          "/v1/models/nothing",
          "/v1/models/a%2fb",
          "/v1/models/%25_%25",
          "/models/%25",
          "/embed/x",
          "//embed",
          "/generate?a=%zz",
          "/%2e%2e/x",
          "/error",
          "/%00",
          "/docs?%zz",
          "/info?a=1&a=2",
          "/swagger-ui/index.html",
          "/v1/embeddings/");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "post");
  private static final List<String> TYPES =
      List.of(
          "*/*",
          "application/*",
          "application/*+json",
          "application/problem+json",
          "text/plain",
          "multipart/form-data",
          "multipart/form-data; boundary=x",
          "application/x-www-form-urlencoded",
          "application/x-www-form-urlencoded; charset=utf-16",
          "application/json; charset=utf-16",
          "application/json; charset=nothing",
          "nothing",
          "",
          "application/json;;;",
          "application/octet-stream",
          "text/event-stream");
  private static final List<String> OTHER_HEADERS =
      List.of(
          "Accept: text/html",
          "Accept: text/event-stream",
          "Accept: image/png",
          "Accept: */",
          "Content-Encoding: gzip",
          "Content-Encoding: nothing",
          "Expect: 100-continue",
          "Expect: nothing",
          "Origin: http://localhost:1",
          "Accept-Language: xx-\u00ff",
          "Range: bytes=0-1",
          "If-None-Match: *",
          "Upgrade: h2c",
          "Authorization: Bearer x",
          "Access-Control-Request-Method: POST",
          "Cookie: a=\u0001",
          "X-Compute-Type: x",
          "Transfer-Encoding: gzip",
          "Host: ");

  private static final List<String> FIELDS =
      List.of(
          "inputs",
          "query",
          "texts",
          "documents",
          "top_n",
          "raw_scores",
          "parameters",
          "stream",
          "input",
          "messages",
          "tools",
          "tool_choice",
          "prompt",
          "max_tokens",
          "n",
          "best_of",
          "echo",
          "logprobs",
          "top_logprobs",
          "logit_bias",
          "min_p",
          "presence_penalty",
          "response_format",
          "stream_options",
          "chat_template_kwargs",
          "model",
          "encoding_format",
          "user",
          "truncate",
          "truncation_direction",
          "prompt_name",
          "normalize",
          "dimensions",
          "ids",
          "skip_special_tokens",
          "add_special_tokens",
          "source_sentence",
          "sentences",
          "other");
  private static final List<String> PARAMETERS =
      List.of(
          "top_k",
          "targets",
          "best_of",
          "temperature",
          "repetition_penalty",
          "frequency_penalty",
          "top_p",
          "typical_p",
          "do_sample",
          "max_new_tokens",
          "return_full_text",
          "stop",
          "truncate",
          "watermark",
          "details",
          "decoder_input_details",
          "seed",
          "top_n_tokens",
          "grammar",
          "adapter_id",
          "raw_scores",
          "aggregation_strategy",
          "ignore_labels",
          "stride",
          "doc_stride",
          "max_seq_len",
          "max_answer_len",
          "max_question_len",
          "handle_impossible_answer",
          "align_to_words",
          "function_to_apply",
          "candidate_labels",
          "hypothesis_template",
          "multi_label",
          "other");
  private static final List<String> OF_OPEN_AI =
      List.of(
          "model",
          "stream",
          "stream_options",
          "max_completion_tokens",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "repetition_penalty",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "seed",
          "n",
          "best_of",
          "stop",
          "include_stop_str_in_output",
          "ignore_eos",
          "logprobs",
          "top_logprobs",
          "echo",
          "suffix",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "response_format",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "structured_outputs",
          "chat_template_kwargs",
          "reasoning_effort",
          "add_generation_prompt",
          "continue_final_message",
          "instructions",
          "text",
          "reasoning",
          "metadata",
          "store",
          "other");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "2",
          "7",
          "-0.0",
          "0.5",
          "1.0",
          "1e400",
          "-1e400",
          "1e-400",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "1E+2",
          "NaN",
          "\"\"",
          "\"a\"",
          "\"1\"",
          "\"true\"",
          "\"left\"",
          "\"base64\"",
          "\"float\"",
          "\"\\ud800\"",
          "\"\\ude00a\"",
          "\"\\u0000\"",
          "\"[MASK]\"",
          "\"<s></s>\"",
          "\"\ud83d\ude00e\u0301\"",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "[null]",
          "[\"a\",5]",
          "[1,2,3]",
          "[\"a\",\"b\"]",
          "[[\"a\",\"b\"]]",
          "[[1,2],[3]]",
          "{\"a\":1}",
          "{\"type\":\"regex\",\"value\":\"[a-z]{1,3}\"}",
          "{\"type\":\"json\",\"value\":{\"type\":\"integer\",\"maximum\":9}}",
          "{\"type\":\"json_object\"}",
          "[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}]",
          "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]",
          "[-1]",
          "[99999999999]",
          "tru",
          "'a'",
          "[1,]",
          "01");

  /** The request of a seed. */
  static GeneratedRequest of(long seed) {
    return new Draft(new Random(seed * 0x9E3779B97F4A7C15L)).request();
  }

  private record Draft(Random random) {

    GeneratedRequest request() {
      String method = once(12) ? any(METHODS) : "POST";
      String path = once(12) ? any(OTHER_PATHS) : any(PATHS);
      byte[] body = once(25) ? garbage() : json(path).getBytes(UTF_8);
      String type = once(8) ? any(TYPES) : "application/json";
      String other = once(5) ? any(OTHER_HEADERS) + "\r\n" : "";
      boolean chunked = once(8);
      String length =
          chunked ? "Transfer-Encoding: chunked" : "Content-Length: %d".formatted(body.length);
      String head =
          "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\n%s%s\r\n\r\n"
              .formatted(method, path, type, other, length);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(head.getBytes(UTF_8));
      if (chunked) {
        bytes.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(UTF_8));
      }
      bytes.writeBytes(body);
      if (chunked) {
        bytes.writeBytes((body.length == 0 ? "\r\n" : "\r\n0\r\n\r\n").getBytes(UTF_8));
      }
      byte[] all = bytes.toByteArray();
      boolean cut = once(30);
      return new GeneratedRequest(
          method + " " + path, cut ? Arrays.copyOf(all, random.nextInt(all.length)) : all, !cut);
    }

    private byte[] garbage() {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      return bytes;
    }

    /* Mostly what the path takes, with a fault or two. */
    private String json(String path) {
      if (once(15)) {
        return value(0);
      }
      String usual =
          switch (path) {
            case "/similarity", "/sentence-similarity" ->
                "\"inputs\":{\"source_sentence\":%s,\"sentences\":[%s]}".formatted(text(), text());
            case "/question-answering" ->
                "\"inputs\":{\"question\":%s,\"context\":%s}".formatted(text(), text());
            case "/decode" -> "\"ids\":[%s]".formatted(once(2) ? "1,2,3" : "[1,2],[3]");
            case "/v1/embeddings", "/embeddings" -> "\"input\":" + texts();
            case "/v1/completions" -> "\"max_tokens\":3,\"prompt\":" + texts();
            case "/v1/responses" -> "\"max_output_tokens\":3,\"input\":" + text();
            case "/chat_tokenize", "/v1/chat/completions" ->
                "\"max_tokens\":3,\"messages\":[{\"role\":%s,\"content\":%s}]"
                    .formatted(once(5) ? value(1) : "\"user\"", text());
            case "/v1/decisions" ->
                "\"input\":%s,\"questions\":[{\"type\":\"choice\",\"instructions\":%s,\"choices\":[{\"value\":%s},{\"value\":%s}]}]"
                    .formatted(text(), text(), text(), value(1));
            case "/v1/systemone", "/compare" ->
                "\"state\":%s,\"questions\":{\"q\":{\"type\":\"noul\",\"instructions\":%s},\"r\":{\"type\":\"score\",\"criteria\":[%s,%s]}}"
                    .formatted(value(1), text(), text(), value(1));
            case "/generate", "/generate_stream" -> "\"inputs\":" + text();
            case "/" -> "\"inputs\":" + (once(2) ? text() : texts());
            default -> "\"inputs\":" + texts();
          };
      int extra = random.nextInt(3);
      List<String> names = path.startsWith("/v1/") && once(2) ? OF_OPEN_AI : FIELDS;
      Stream<String> fields =
          IntStream.range(0, extra).mapToObj(_ -> field(any(names), () -> value(0)));
      Stream<String> parameters =
          IntStream.range(0, random.nextInt(4))
              .mapToObj(_ -> field(any(PARAMETERS), () -> value(1)));
      String needed =
          switch (path) {
            case "/generate", "/generate_stream", "/" ->
                "\"max_new_tokens\":" + (1 + random.nextInt(8));
            case "/zero-shot-classification" -> "\"candidate_labels\":" + texts();
            default -> "";
          };
      String tuned =
          "\"parameters\":{%s}"
              .formatted(
                  Stream.concat(parameters, Stream.of(needed).filter(it -> !it.isEmpty()))
                      .collect(Collectors.joining(",")));
      Stream<String> all = Stream.of(Stream.of(usual), Stream.of(tuned), fields).flatMap(it -> it);
      return all.filter(_ -> !once(40)).collect(Collectors.joining(",", "{", "}"));
    }

    private String field(String name, Supplier<String> value) {
      return "\"%s\":%s".formatted(name, value.get());
    }

    private String texts() {
      return once(2)
          ? text()
          : IntStream.range(0, random.nextInt(1, 5))
              .mapToObj(_ -> text())
              .collect(Collectors.joining(",", "[", "]"));
    }

    private String text() {
      return switch (random.nextInt(8)) {
        case 0 -> value(1);
        case 1 -> "\"The [MASK] sat on the <mask>.\"";
        case 2 -> "\"%s\"".formatted("the cat ".repeat(random.nextInt(200)));
        case 3 -> quoted(random.ints(random.nextInt(40), 0, 0x3000));
        case 4 -> quoted(random.ints(random.nextInt(20), 0x10000, 0x20000));
        default -> "\"The cat sat on the mat.\"";
      };
    }

    private static String quoted(IntStream codePoints) {
      StringBuilder text = new StringBuilder();
      codePoints.forEach(text::appendCodePoint);
      return JsonMapper.shared().writeValueAsString(text.toString());
    }

    private String value(int depth) {
      return switch (random.nextInt(depth > 3 ? 20 : 24)) {
        case 0 -> "\"%s\"".formatted("x".repeat(random.nextInt(5000)));
        case 1 -> Long.toString(random.nextLong());
        case 2 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
        case 20 -> "[%s]".formatted(value(depth + 1));
        case 21 -> "{%s}".formatted(field(any(FIELDS), () -> value(depth + 1)));
        case 22 ->
            "[%s]".formatted(String.join(",", Collections.nCopies(random.nextInt(300), "1")));
        case 23 -> "[".repeat(600) + "]".repeat(600);
        default -> any(VALUES);
      };
    }

    private boolean once(int in) {
      return random.nextInt(in) == 0;
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
