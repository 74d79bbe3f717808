package dev.diptych.http.embed;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The recorded requests against the dialect with a model without weights. */
@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class EmbedContractTests extends RecordedPeerContract {

  @LocalServerPort private int port;

  @Override
  String baseUrl() {
    return "http://localhost:" + port;
  }

  @Override
  double tolerance() {
    return 0;
  }
}
