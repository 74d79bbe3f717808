package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on tiny checkpoints. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=src/test/resources/checkpoints/llama-tied",
      "diptych.models.fill-mask=src/test/resources/checkpoints/bert",
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.embed-sparse=src/test/resources/checkpoints/bert",
      "diptych.models.classify=src/test/resources/families/bert-classifier",
      "diptych.models.rank=src/test/resources/families/bert-reranker",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class StartupTests {

  @LocalServerPort private int port;
  @Autowired private ServedModels<TextGenerator> generators;
  @Autowired private ServedModels<MaskFiller> maskFillers;
  @Autowired private ServedModels<Embedder> embedders;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /generate  | {'inputs':'The capital','parameters':{'max_new_tokens':3}}
          /fill-mask | {'inputs':'The [MASK] sat.'}
          /embed     | {'inputs':['A cat.','A kitten.']}
          """)
  void everyEndpointAnswers(String path, String body) throws Exception {
    awaitModels();

    HttpResponse<String> response = new HttpCaller(port).post(path, body.replace('\'', '"'));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void theDescriptionHasTheNamesOfTheWire() throws Exception {
    JsonNode document =
        JsonMapper.shared().readTree(new HttpCaller(port).get("/api-doc/openapi.json").body());
    JsonNode schemas = document.at("/components/schemas");

    List<String> names =
        schemas.valueStream().flatMap(schema -> properties(schema.path("properties"))).toList();

    assertThat(names).contains("top_n_tokens", "targets").allMatch(n -> n.matches("[a-z0-9_]+"));
    assertThat(properties(schemas.at("/FillMaskParameters/properties")))
        .containsExactlyInAnyOrder("top_k", "targets");
  }

  @Test
  void aModelOfTwoRolesIsLoadedOnce() {
    awaitModels();

    assertThat(maskFillers.engine(null).engine()).isSameAs(embedders.engine(null).engine());
  }

  private static Stream<String> properties(JsonNode object) {
    return object.propertyStream().map(property -> property.getKey());
  }

  private void awaitModels() {
    while (isComing(generators) || isComing(maskFillers) || isComing(embedders)) {
      Thread.onSpinWait();
    }
  }

  private static boolean isComing(ServedModels<?> served) {
    return served.first().state() instanceof Served.Coming<?>;
  }
}
