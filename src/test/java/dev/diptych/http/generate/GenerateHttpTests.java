package dev.diptych.http.generate;

import static dev.diptych.http.generate.GenerateClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@Timeout(60)
@SpringBootTest(
    classes = GenerateTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.generation.max-concurrent-requests=3",
      "diptych.generation.heartbeat=200ms"
    })
class GenerateHttpTests {

  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Served<TextGenerator> served;
  private GenerateClient client = new GenerateClient(0);

  @BeforeEach
  void connect() {
    client = new GenerateClient(port);
  }

  @AfterEach
  void endEveryGeneration() {
    decoder.failOn(token -> false);
    decoder.release();
    while (served.engine().activeGenerations() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void continuesAText() throws Exception {
    HttpResponse<String> response =
        client.post("/generate", "{\"inputs\":\"Hello\",\"parameters\":{\"max_new_tokens\":8}}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).propertyNames()).containsExactly("generated_text");
    assertThat(json(response).get("generated_text").stringValue()).isEqualTo(answer("Hello", 8));
    for (String header :
        List.of(
            "x-compute-time",
            "x-total-time",
            "x-validation-time",
            "x-queue-time",
            "x-inference-time",
            "x-time-per-token")) {
      assertThat(response.headers().firstValue(header)).isPresent();
    }
    assertThat(response.headers().firstValue("x-compute-type")).contains("cpu");
    assertThat(response.headers().firstValue("x-compute-characters")).contains("5");
    assertThat(response.headers().firstValue("x-prompt-tokens")).contains("5");
    assertThat(response.headers().firstValue("x-generated-tokens")).contains("8");
  }

  @Test
  void givesDetailsWhenAskedTo() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/generate",
            """
            {"inputs":"Hello","unknown":1,"parameters":{"max_new_tokens":3,"details":true,
             "decoder_input_details":true,"top_n_tokens":2,"return_full_text":true,
             "watermark":false,"grammar":null,"adapter_id":null,"unknown":[]}}
            """);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(json(response).get("generated_text").stringValue()).startsWith("Hello");
    JsonNode details = json(response).get("details");
    assertThat(details.propertyNames())
        .containsExactly(
            "finish_reason", "generated_tokens", "seed", "prefill", "tokens", "top_tokens");
    assertThat(details.get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(details.get("seed").isNull()).isTrue();
    assertThat(details.get("prefill")).hasSize(5);
    assertThat(details.get("prefill").get(0).get("logprob").isNull()).isTrue();
    assertThat(details.get("tokens").get(0).propertyNames())
        .containsExactly("id", "text", "logprob", "special");
    assertThat(details.get("top_tokens").get(2)).hasSize(2);
  }

  @Test
  void theDetailsOfAPromptStandAmongThoseOfTheAnswer() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/generate",
            "{\"inputs\":\"Hello\",\"parameters\":{\"max_new_tokens\":2,\"decoder_input_details\":true,"
                + "\"best_of\":2,\"do_sample\":true}}");

    JsonNode details = json(response).get("details");
    assertThat(details.get("prefill")).hasSize(5);
    assertThat(details.get("best_of_sequences").get(0).get("prefill"))
        .isEqualTo(details.get("prefill"));
  }

  @Test
  void reportsTheSeedAndTheOtherAnswers() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/generate",
            """
            {"inputs":"Hello","parameters":{"max_new_tokens":3,"details":true,"best_of":2,
             "temperature":1.5}}
            """);

    JsonNode details = json(response).get("details");
    assertThat(details.get("seed").isIntegralNumber()).isTrue();
    assertThat(details.get("best_of_sequences")).hasSize(1);
    assertThat(details.get("best_of_sequences").get(0).get("tokens")).hasSize(3);
  }

  @Test
  void theRootAnswersWithAListThatIncludesThePrompt() throws Exception {
    HttpResponse<String> response =
        client.post("/", "{\"inputs\":\"Hello\",\"parameters\":{\"max_new_tokens\":4}}");

    assertThat(json(response).get(0).get("generated_text").stringValue())
        .isEqualTo("Hello" + answer("Hello", 4));
  }

  @Test
  void theRootStreamsWhenAskedTo() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/",
            "{\"inputs\":\"Hello\",\"stream\":true,\"parameters\":{\"max_new_tokens\":4}}",
            "Accept",
            "application/json");

    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(response.body().lines().filter(line -> line.startsWith("data: "))).hasSize(4);
  }

  @Test
  void aPlainAnswerIsJsonWhateverIsAccepted() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/generate",
            "{\"inputs\":\"Hello\",\"parameters\":{\"max_new_tokens\":1}}",
            "Accept",
            "text/event-stream");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "9223372036854775808", "18446744073709551615"})
  void seedsAreUnsignedNumbersOf64Bits(String seed) throws Exception {
    String body =
        "{\"inputs\":\"Seed\",\"parameters\":{\"do_sample\":true,\"seed\":%s,\"details\":true,\"max_new_tokens\":4}}"
            .formatted(seed);
    HttpResponse<String> first = client.post("/generate", body);
    HttpResponse<String> second = client.post("/generate", body);

    assertThat(json(first).at("/details/seed").asString()).isEqualTo(seed);
    assertThat(json(first).at("/details/seed").isIntegralNumber()).isTrue();
    assertThat(json(first)).isEqualTo(json(second));
  }

  @Test
  void neutralParametersAreGreedy() throws Exception {
    HttpResponse<String> response =
        client.post(
            "/generate",
            """
            {"inputs":"Hello","parameters":{"temperature":1.0,"top_k":0,"top_p":1.0,"typical_p":1,
             "do_sample":false,"details":true,"max_new_tokens":4}}
            """);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/details/seed").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"best_of\":0' | `best_of` must be > 0 and <= 8",
        "'\"best_of\":9,\"do_sample\":true' | `best_of` must be > 0 and <= 8",
        "'\"best_of\":2' | you must use sampling when `best_of` is > 1",
        "'\"best_of\":2,\"do_sample\":true,\"seed\":1' | `seed` must not be set when `best_of` > 1",
        "'\"temperature\":0' | `temperature` must be strictly positive",
        "'\"temperature\":1e999' | `temperature` must be strictly positive",
        "'\"repetition_penalty\":-1' | `repetition_penalty` must be strictly positive",
        "'\"frequency_penalty\":-2.5' | `frequency_penalty` must be >= -2.0 and <= 2.0",
        "'\"top_k\":-1' | `top_k` must be positive, or 0 for all tokens",
        "'\"top_p\":1.1' | `top_p` must be > 0.0 and <= 1.0",
        "'\"typical_p\":0' | `typical_p` must be > 0.0 and <= 1.0",
        "'\"max_new_tokens\":0' | `max_new_tokens` must be strictly positive",
        "'\"max_new_tokens\":1996' | `inputs` tokens + `max_new_tokens` must be <= 2000. Given: 5"
            + " `inputs` tokens and 1996 `max_new_tokens`",
        "'\"max_new_tokens\":99999999999' | parameters.max_new_tokens",
        "'\"max_new_tokens\":\"20\"' | `parameters.max_new_tokens` must be an integer (line 1,"
            + " column",
        "'\"max_new_tokens\":20.7' | `parameters.max_new_tokens` must be an integer",
        "'\"do_sample\":\"true\"' | `parameters.do_sample` must be true or false",
        "'\"stop\":\"x\"' | `parameters.stop` must be a list",
        "'\"stop\":[1]' | `parameters.stop[0]` must be a string",
        "'\"stop\":[null]' | `stop` must be a list of strings",
        "'\"stop\":[\"\"]' | `stop` must not contain an empty string",
        "'\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]' | `stop` supports up to 4 stop sequences."
            + " Given: 5",
        "'\"truncate\":0' | `truncate` must be strictly positive and less than 1999. Given: 0",
        "'\"top_n_tokens\":21' | `top_n_tokens` must be >= 0 and <= 20. Given: 21",
        "'\"seed\":-1' | `seed` must be >= 0 and <= 18446744073709551615. Given: -1",
        "'\"seed\":18446744073709551616' | `seed` must be >= 0 and <= 18446744073709551615. Given:"
            + " 18446744073709551616",
        "'\"seed\":1.5' | `parameters.seed` must be an integer",
        "'\"seed\":\"1\"' | `parameters.seed` must be an integer",
        "'\"watermark\":true' | `watermark` is not supported",
        "'\"adapter_id\":\"lora\"' | `adapter_id` is not supported",
        "'\"grammar\":{\"type\":\"regex\",\"value\":\"(\"}' | the regular expression"
      })
  void refusesParametersThatCannotBe(String parameter, String message) throws Exception {
    for (String path : List.of("/generate", "/generate_stream", "/")) {
      HttpResponse<String> response =
          client.post(path, "{\"inputs\":\"Hello\",\"parameters\":{%s}}".formatted(parameter));

      if (path.equals("/generate_stream") && parameter.contains("best_of")) {
        assertThat(json(response).get("error").stringValue()).contains("when streaming tokens");
      } else {
        assertThat(json(response).get("error").stringValue())
            .startsWith("Input validation error: ")
            .contains(message)
            .doesNotContain("dev.diptych");
      }
      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(json(response).get("error_type").stringValue()).isEqualTo("validation");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 | missing field `inputs`",
        "{\"inputs\":null} | 422 | missing field `inputs`",
        "{\"inputs\":\"\"} | 422 | `inputs` cannot be empty",
        "{\"inputs\":5} | 422 | `inputs` must be a string (line 1, column",
        "{\"inputs\":true} | 422 | `inputs` must be a string",
        "{\"inputs\":[\"a\"]} | 422 | `inputs` must be a string",
        "{\"inputs\":\"a\",\"parameters\":[]} | 422 | `parameters` must be an object",
        "{\"inputs\":\"\u2603\"} | 422 | the model knows",
        "[] | 422 | `body` must be an object",
        "'\"text\"' | 422 | `body` must be an object",
        "{\"inputs\": | 400 | the body is not JSON",
        "'{\"inputs\":\"a\"' | 400 | the body is not JSON",
        "not json | 400 | the body is not JSON",
        "'' | 400 | the body must be a JSON object"
      })
  void refusesBodiesThatCannotBe(String body, int status, String message) throws Exception {
    HttpResponse<String> response = client.post("/generate", body, "Accept", "text/event-stream");

    assertThat(json(response).get("error").stringValue()).contains(message);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).get("error_type").stringValue()).isEqualTo("validation");
  }

  @Test
  void theRootSaysWhereVectorsOfTextsComeFrom() throws Exception {
    HttpResponse<String> response = client.post("/", "{\"inputs\":[\"a\",\"b\"]}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(json(response).get("error").stringValue())
        .contains("`inputs` must be a string", "/embed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
  void refusesOtherContentTypes(String type) throws Exception {
    HttpResponse<String> response =
        client.post("/generate", "{\"inputs\":\"a\"}", "Content-Type", type);

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(json(response).get("error").stringValue())
        .contains("application/json")
        .contains(type);
  }

  @Test
  void oneTooManyIsToldToComeBack() throws Exception {
    decoder.byHand();
    List<HttpResponse<Stream<String>>> running = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        running.add(
            client.stream(
                "/generate_stream", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":9}}"));
      }
      for (String path : List.of("/generate", "/generate_stream")) {
        HttpResponse<String> response = client.post(path, "{\"inputs\":\"Hello\"}");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(json(response).get("error_type").stringValue()).isEqualTo("overloaded");
        assertThat(json(response).get("error").stringValue()).isEqualTo("Model is overloaded");
      }
    } finally {
      decoder.release();
      running.forEach(response -> assertThat(response.body().toList()).isNotEmpty());
    }
  }

  @Test
  void aFailureIsAnswered424() throws Exception {
    decoder.failOn(token -> true);
    for (String path : List.of("/generate", "/generate_stream")) {
      HttpResponse<String> response = client.post(path, "{\"inputs\":\"fail %s\"}".formatted(path));

      assertThat(response.statusCode()).isEqualTo(424);
      assertThat(json(response).get("error_type").stringValue()).isEqualTo("generation");
      assertThat(json(response).get("error").stringValue())
          .startsWith("Request failed during generation: ");
    }
  }

  @Test
  void aModelThatIsComingIsAnswered503() throws Exception {
    Served.State<TextGenerator> ready = served.state();
    served.become(new Served.Coming<>("downloading model.safetensors 41 of 90 MB"));
    try {
      HttpResponse<String> response = client.post("/generate", "{\"inputs\":\"Hello\"}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).contains("5");
      assertThat(json(response).get("error").stringValue()).contains("41 of 90 MB");
    } finally {
      served.become(ready);
    }
  }

  private static String answer(String prompt, int tokens) {
    return TOKENIZER.decode(FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), tokens), true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\":\"cut \\ud83dx\"}",
        "{\"inputs\":\"a\",\"parameters\":{\"stop\":[\"cut \\ud83d\"]}}",
        "{\"inputs\":\"a\",\"parameters\":{\"adapter_id\":\"\\ude00 x\"}}"
      })
  void refusesHalfOfASurrogatePair(String body) throws Exception {
    for (String path : List.of("/", "/generate", "/generate_stream")) {
      HttpResponse<String> response = client.post(path, body);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(json(response).get("error_type").stringValue()).isEqualTo("validation");
      assertThat(json(response).get("error").stringValue())
          .contains("half of a surrogate pair (\\u", "which is no character (line 1, column ");
    }
  }
}
