package dev.diptych.http.embed;

import dev.diptych.model.Role;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.TextClassifier;
import java.util.List;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** The recorded requests against the dialect with a model without weights. */
@SpringBootTest(
    classes = {EmbedTestApplication.class, EmbedContractTests.OnlyEmbeddings.class},
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "springdoc.api-docs.enabled=false",
      "spring.main.allow-bean-definition-overriding=true"
    })
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

  /** The peer was recorded with an embedding model and no other. */
  static class OnlyEmbeddings {

    @Bean
    ServedModels<TextClassifier> classifierModels() {
      return new ServedModels<>(Role.CLASSIFY, List.of());
    }

    @Bean
    ServedModels<Ranker> rankerModels() {
      return new ServedModels<>(Role.RANK, List.of());
    }

    @Bean
    ServedModels<SparseEmbedder> sparseEmbedderModels() {
      return new ServedModels<>(Role.EMBED_SPARSE, List.of());
    }
  }
}
