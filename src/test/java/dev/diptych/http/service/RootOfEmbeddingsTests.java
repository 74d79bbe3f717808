package dev.diptych.http.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Where a request to the root goes. */
class RootOfEmbeddingsTests {

  @ParameterizedTest
  @CsvSource({
    "POST, /, '', embedder, /embed",
    "POST, /, decoder, embedder, /",
    "POST, /, decoder, '', /",
    "POST, /, '', '', /",
    "GET, /, '', embedder, /",
    "POST, /embed, '', embedder, /embed"
  })
  void goesToTheEmbeddingModelWhereThereIsNoDecoder(
      String method, String path, String decoder, String embedder, String passedTo)
      throws Exception {
    RootOfEmbeddings root =
        new RootOfEmbeddings(
            new ModelStates(
                List.of(new Served<>(Role.GENERATE, decoder), new Served<>(Role.EMBED, embedder))));
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    request.setServletPath(path);
    MockHttpServletResponse response = new MockHttpServletResponse();
    MockFilterChain chain = new MockFilterChain();

    root.doFilter(request, response, chain);

    HttpServletRequest passed = requireNonNull((HttpServletRequest) chain.getRequest());
    assertThat(passed.getServletPath()).isEqualTo(passedTo);
    assertThat(passed.getRequestURI()).isEqualTo(passedTo);
  }
}
