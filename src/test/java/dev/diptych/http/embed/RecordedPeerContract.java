package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a real text-embeddings-inference answered to requests, asked again of this service: same
 * status, headers, shape of the body and type of error, and the same numbers where the model behind
 * is the same.
 */
abstract class RecordedPeerContract {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> PATHS =
      Set.of(
          "/embed",
          "/embed_all",
          "/embed_sparse",
          "/predict",
          "/similarity",
          "/tokenize",
          "/decode",
          "/invocations");
  private static final List<String> COST_HEADERS =
      List.of(
          "x-compute-type",
          "x-compute-time",
          "x-total-time",
          "x-tokenization-time",
          "x-queue-time",
          "x-inference-time");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:[eE]-?\\d+)?");

  /** From how many numbers on a list is a vector, whose direction is compared too. */
  private static final int VECTOR = 16;

  /** Where the service is. */
  abstract String baseUrl();

  /** How far numbers may differ; 0 if the model is another one and numbers are not compared. */
  abstract double tolerance();

  /** How near the direction of a vector must be. */
  double leastCosine() {
    return 0.999;
  }

  @TestFactory
  Stream<DynamicTest> answersAsThePeerDid() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RecordedPeerContract.class.getResourceAsStream("/golden/tei-recorded.json"))) {
      return JSON.readTree(in).get("cases").values().stream()
          .filter(recorded -> PATHS.contains(recorded.get("path").stringValue()))
          .filter(recorded -> recorded.get("body").isString()) // else larger than the service reads
          .map(
              recorded ->
                  DynamicTest.dynamicTest(
                      recorded.get("path").stringValue() + " " + title(recorded),
                      () -> check(recorded)));
    }
  }

  private static String title(JsonNode recorded) {
    String body = recorded.get("body").stringValue();
    return body.substring(0, Math.min(70, body.length()));
  }

  private void check(JsonNode recorded) throws IOException, InterruptedException {
    byte[] body =
        recorded
            .get("body")
            .stringValue()
            .getBytes(
                recorded.get("latin1").booleanValue()
                    ? StandardCharsets.ISO_8859_1
                    : StandardCharsets.UTF_8);
    String[] headers =
        recorded.get("headers").properties().stream()
            .flatMap(header -> Stream.of(header.getKey(), header.getValue().stringValue()))
            .toArray(String[]::new);
    HttpResponse<String> response =
        new HttpCaller(baseUrl()).send(recorded.get("path").stringValue(), body, headers);

    int status = recorded.get("status").intValue();
    if (status == 0) { // the request that the peer did not survive
      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(JSON.readTree(response.body()).get("error_type").stringValue())
          .isEqualTo("Validation");
      assertThat(response.body()).contains("70000", "30522");
      return;
    }
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode expectedHeaders = recorded.get("response_headers");
    assertThat(response.headers().firstValue("content-type").orElseThrow().replace(" ", ""))
        .isEqualToIgnoringCase(expectedHeaders.get("content-type").stringValue().replace(" ", ""));
    if (expectedHeaders.has("x-compute-tokens")) {
      COST_HEADERS.forEach(
          name -> assertThat(response.headers().firstValue(name)).as(name).isPresent());
      assertThat(response.headers().firstValue("x-compute-characters"))
          .hasValue(expectedHeaders.get("x-compute-characters").stringValue());
      if (tolerance() > 0) {
        assertThat(response.headers().firstValue("x-compute-tokens"))
            .hasValue(expectedHeaders.get("x-compute-tokens").stringValue());
      }
    }
    checkBody(recorded.get("response").stringValue(), response);
  }

  private void checkBody(String expected, HttpResponse<String> response) {
    if (!response.headers().firstValue("content-type").orElseThrow().contains("json")) {
      assertThat(response.body()).isNotBlank();
      return;
    }
    JsonNode actual = JSON.readTree(response.body());
    if (expected.startsWith("{\"error\"")) {
      JsonNode error = JSON.readTree(expected);
      assertThat(actual.propertyNames()).containsExactlyElementsOf(error.propertyNames());
      assertThat(actual.get("error_type")).isEqualTo(error.get("error_type"));
      if (expected.contains("Validation")) {
        assertThat(kind(actual)).isEqualTo(kind(error));
      }
      return;
    }
    assertThat(opening(response.body())).isEqualTo(opening(expected));
    if (!expected.contains(".") || tolerance() > 0) {
      checkNumbers(expected, response.body());
    }
  }

  /** What a message says before it names a field or a number. */
  private static String kind(JsonNode error) {
    String message = error.get("error").stringValue();
    return message.replaceFirst("(?s)[`\\d].*", "");
  }

  /** The brackets and names before the first value. */
  private static String opening(String json) {
    return json.replaceFirst("(?s)(-?\\d|:\"|\\[\"|:[^\\[{\"]).*", "");
  }

  /** The recording leaves out the middle of long bodies; the beginning is compared. */
  private void checkNumbers(String expected, String actual) {
    int cut = expected.indexOf(" … ");
    String beginning = cut < 0 ? expected : expected.substring(0, expected.lastIndexOf(',', cut));
    double[] wanted = numbers(beginning);
    double[] given = Arrays.copyOf(numbers(actual), wanted.length);
    assertThat(given).containsExactly(wanted, within(tolerance()));
    if (tolerance() > 0 && wanted.length >= VECTOR) {
      assertThat(dot(given, wanted) / Math.sqrt(dot(given, given) * dot(wanted, wanted)))
          .as("cosine")
          .isGreaterThanOrEqualTo(leastCosine());
    }
  }

  private static double[] numbers(String json) {
    return NUMBER.matcher(json).results().mapToDouble(n -> Double.parseDouble(n.group())).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }
}
