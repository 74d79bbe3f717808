package dev.diptych.http.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** Where a request to the root goes. */
class RootTests {

  @ParameterizedTest
  @CsvSource({
    "POST, /, '', embedder, '', /embed",
    "POST, /, '', embedder, filler, /embed",
    "POST, /, '', '', filler, /fill-mask",
    "POST, /, decoder, embedder, filler, /",
    "POST, /, decoder, '', '', /",
    "POST, /, '', '', '', /",
    "GET, /, '', embedder, '', /",
    "POST, /embed, '', embedder, '', /embed"
  })
  void goesToAnotherModelWhereThereIsNoDecoder(
      String method, String path, String decoder, String embedder, String filler, String passedTo)
      throws Exception {
    assertThat(passedTo(method, path, "{\"inputs\":\"a\"}", decoder, embedder, filler))
        .isEqualTo(passedTo);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/           | {\"inputs\":\"a\"}",
        "/           | {\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":1},\"stream\":false}",
        "/           | {\"inputs\":\"a\",\"normalize\":true,\"stream\":false}",
        "/           | {\"inputs\":",
        "/           | []",
        "/           | ``",
        "/           | {\"parameters\":{\"inputs\":[]},\"inputs\":\"a\"}",
        "/embed      | {\"inputs\":[\"a\"]}",
        "/embed      | {\"inputs\":[\"a\"],",
        "/embed      | {\"normalize\":false,\"inputs\":[[1,2]]}",
        "/embed      | {\"inputs\":\"a\",\"truncate\":true}",
        "/similarity | {\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[\"b\"]}}"
      })
  void goesToTheModelThatTheBodyAsksFor(String passedTo, String body) throws Exception {
    assertThat(passedTo("POST", "/", body, "decoder", "embedder", "")).isEqualTo(passedTo);
    assertThat(passedTo("POST", "/", body, "decoder", "", "filler")).isEqualTo("/");
    assertThat(passedTo("POST", "/", body, "", "embedder", ""))
        .isEqualTo(passedTo.equals("/") ? "/embed" : passedTo);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/embed      | {\"model\":\"embedder\",\"inputs\":\"a\"}",
        "/embed      | {\"inputs\":\"a\",\"parameters\":{},\"model\":\"embedder\"}",
        "/similarity | {\"inputs\":{\"source_sentence\":\"a\"},\"model\":\"embedder\"}",
        "/fill-mask  | {\"inputs\":\"a\",\"model\":\"filler\"}",
        "/fill-mask  | {\"inputs\":[\"a\"],\"model\":\"filler\"}",
        "/           | {\"inputs\":[\"a\"],\"model\":\"decoder\"}",
        "/           | {\"inputs\":\"a\",\"model\":\"nobody\"}",
        "/embed      | {\"inputs\":[\"a\"],\"model\":\"nobody\"}",
        "/           | {\"inputs\":\"a\",\"model\":3}"
      })
  void goesToTheModelThatTheBodyNames(String passedTo, String body) throws Exception {
    assertThat(passedTo("POST", "/", body, "decoder", "embedder", "filler")).isEqualTo(passedTo);
  }

  @ParameterizedTest
  @CsvSource({
    "ranker, '', /rerank",
    "'', classifier, /predict",
    "ranker, classifier, /rerank",
    "'', '', /"
  })
  void goesToTheRankerOrTheClassifierWhereThatIsAllThereIs(
      String ranker, String classifier, String passedTo) throws Exception {
    List<ServedModels<?>> roles =
        List.of(
            ServedModels.of(new Served<>(Role.RANK, ranker)),
            ServedModels.of(new Served<>(Role.CLASSIFY, classifier)));

    assertThat(passedTo("POST", "/", "{}", roles)).isEqualTo(passedTo);
  }

  @ParameterizedTest
  @CsvSource({"/generate", "/embed", "/v1/embeddings"})
  void leavesOtherPathsAlone(String path) throws Exception {
    assertThat(passedTo("POST", path, "{\"inputs\":[]}", "decoder", "embedder", ""))
        .isEqualTo(path);
  }

  private static String passedTo(
      String method, String path, String body, String decoder, String embedder, String filler)
      throws Exception {
    return passedTo(
        method,
        path,
        body,
        List.of(
            ServedModels.of(new Served<>(Role.GENERATE, decoder)),
            ServedModels.of(new Served<>(Role.EMBED, embedder)),
            ServedModels.of(new Served<>(Role.FILL_MASK, filler))));
  }

  private static String passedTo(
      String method, String path, String body, List<ServedModels<?>> roles) throws Exception {
    RootTargets targets = new RootTargets(new ModelStates(roles));
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    request.setServletPath(path);
    request.setContent(body.getBytes(StandardCharsets.UTF_8));
    AtomicReference<HttpServletRequest> reached = new AtomicReference<>();
    HttpServlet servlet =
        new HttpServlet() {
          @Override
          protected void service(HttpServletRequest passed, HttpServletResponse response) {
            reached.set(passed);
          }
        };
    MockFilterChain chain =
        new MockFilterChain(
            servlet, new RootWithoutDecoder(targets), new RootByBody(targets, new JsonMapper()));

    chain.doFilter(request, new MockHttpServletResponse());

    HttpServletRequest passed = requireNonNull(reached.get());
    assertThat(passed.getRequestURI()).isEqualTo(passed.getServletPath());
    return passed.getServletPath();
  }
}
