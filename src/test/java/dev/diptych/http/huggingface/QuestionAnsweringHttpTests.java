package dev.diptych.http.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class QuestionAnsweringHttpTests {

  private static final String PATH = "/question-answering";
  private static final String QUESTION =
      "{\"question\":\"who sat\",\"context\":\"the cat sat on the mat\"}";
  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void answersOneQuestionWithOneAnswer() throws Exception {
    JsonNode answer = answer("{\"inputs\":%s}".formatted(QUESTION));

    assertThat(answer.propertyNames()).containsExactly("score", "start", "end", "answer");
    assertThat(
            "the cat sat on the mat"
                .substring(answer.get("start").intValue(), answer.get("end").intValue()))
        .isEqualTo(answer.get("answer").stringValue());
  }

  @Test
  void answersSeveralQuestionsAndSeveralAnswersWithLists() throws Exception {
    JsonNode several = answer("{\"inputs\":%s,\"parameters\":{\"top_k\":3}}".formatted(QUESTION));
    JsonNode questions = answer("{\"inputs\":[%s,%1$s]}".formatted(QUESTION));
    JsonNode alone = answer("{\"inputs\":[%s]}".formatted(QUESTION));

    assertThat(several.size()).isEqualTo(3);
    assertThat(several.get(0).get("score").doubleValue())
        .isGreaterThanOrEqualTo(several.get(1).get("score").doubleValue());
    assertThat(questions.size()).isEqualTo(2);
    assertThat(questions.get(1)).isEqualTo(alone);
    assertThat(alone.isObject()).isTrue();
  }

  @Test
  void mayTellThatThereIsNoAnswer() throws Exception {
    JsonNode answers =
        answer(
            "{\"inputs\":%s,\"parameters\":{\"top_k\":1000,\"handle_impossible_answer\":true}}"
                .formatted(QUESTION));

    assertThat(answers.valueStream().map(answer -> answer.get("answer").stringValue()))
        .contains("");
  }

  @Test
  void seesALongContextInWindows() throws Exception {
    String context = "dog ".repeat(100) + "cat";

    JsonNode answers =
        answer(
            "{\"inputs\":{\"question\":\"who\",\"context\":\"%s\"},\"parameters\":{\"top_k\":1000,\"max_answer_len\":1}}"
                .formatted(context));

    assertThat(answers.valueStream().map(answer -> answer.get("answer").stringValue()))
        .containsExactlyInAnyOrder("dog", "cat");
  }

  @Test
  void makesTheOverlapFitWhereALongQuestionLeavesLittle() throws Exception {
    JsonNode answer =
        answer(
            "{\"inputs\":{\"question\":\"%s\",\"context\":\"%s cat\"},\"parameters\":{\"top_k\":9,\"max_answer_len\":1}}"
                .formatted("w200 ".repeat(20), "dog ".repeat(30)));

    assertThat(answer.size()).isEqualTo(2);
  }

  @Test
  void honoursHowMuchOfTheQuestionIsSeen() throws Exception {
    String body =
        "{\"inputs\":{\"question\":\"%s\",\"context\":\"the cat sat on the"
            + " mat\"},\"parameters\":{\"top_k\":50,\"max_question_len\":2}}";

    assertThat(answer(body.formatted("dog sat " + "word ".repeat(50))))
        .isEqualTo(answer(body.formatted("dog sat")))
        .isNotEqualTo(answer(body.formatted("dog")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|422|`inputs` is missing",
        "{\"inputs\":\"a\"}|422|`inputs` must be an object with `question` and `context`",
        "{\"inputs\":[\"a\"]}|422|`inputs` must be an object with `question` and `context`",
        "{\"inputs\":[]}|422|cannot be empty",
        "{\"inputs\":{\"question\":\"a\"}}|422|`inputs.context` cannot be empty",
        "{\"inputs\":{\"question\":\"\",\"context\":\"a\"}}|422|`inputs.question` cannot be empty",
        "{\"inputs\":{\"question\":5,\"context\":\"a\"}}|422|`inputs.question` must be a string",
        "{\"inputs\":QUESTION,\"parameters\":{\"top_k\":0}}|422|`top_k` must be from 1 to 1000."
            + " Given: 0",
        "{\"inputs\":QUESTION,\"parameters\":{\"top_k\":1001}}|422|`top_k` must be from 1 to 1000",
        "{\"inputs\":QUESTION,\"parameters\":{\"max_answer_len\":0}}|422|`max_answer_len` must be"
            + " from 1",
        "{\"inputs\":QUESTION,\"parameters\":{\"doc_stride\":-1}}|422|`doc_stride` must be from 0",
        "{\"inputs\":QUESTION,\"parameters\":{\"doc_stride\":33}}|422|`doc_stride` must be at most"
            + " 32",
        "{\"inputs\":QUESTION,\"parameters\":{\"max_seq_len\":33}}|422|`max_seq_len` must be at"
            + " most 32",
        "{\"inputs\":QUESTION,\"parameters\":{\"max_seq_len\":5}}|422|`max_question_len` cuts the"
            + " question. Given: 4 tokens",
        "{\"inputs\":QUESTION,\"parameters\":{\"max_seq_len\":10,\"doc_stride\":9}}|422|`doc_stride`"
            + " must be less than 3",
        "{\"inputs\":QUESTION,\"parameters\":{\"max_question_len\":0}}|422|`max_question_len` must"
            + " be from 1",
        "{\"inputs\":QUESTION,\"parameters\":{\"align_to_words\":\"no\"}}|422|`parameters.align_to_words`"
            + " must be true or false",
        "{\"inputs\":QUESTION,\"model\":\"other\"}|422|there is `fake-answerer`",
      })
  void refusesWhatItCannotAnswer(String body, int status, String message) throws Exception {
    HttpResponse<String> response = http.post(PATH, body.replace("QUESTION", QUESTION));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body());
    assertThat(error.get("error").stringValue()).contains(message).doesNotContain("java.");
    assertThat(error.get("error_type").stringValue()).isEqualTo("validation");
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = http.post(PATH, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
