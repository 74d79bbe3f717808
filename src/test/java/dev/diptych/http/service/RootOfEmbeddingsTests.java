package dev.diptych.http.service;

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
    "POST, /, '', embedder, true",
    "POST, /, decoder, embedder, false",
    "POST, /, decoder, '', false",
    "POST, /, '', '', false",
    "GET, /, '', embedder, false",
    "POST, /embed, '', embedder, false"
  })
  void goesToTheEmbeddingModelWhereThereIsNoDecoder(
      String method, String path, String decoder, String embedder, boolean forwarded)
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

    HttpServletRequest passed = (HttpServletRequest) chain.getRequest();
    assertThat(response.getForwardedUrl()).isEqualTo(forwarded ? "/embed" : null);
    assertThat(passed).isEqualTo(forwarded ? null : request);
  }
}
