package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.http.HttpCaller;
import dev.diptych.torchscript.MemoryNeed;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A model that does not fit beside those that are there. */
@SpringBootTest(
    classes = {DiptychApplication.class, RefusedLoadTests.LittleMemory.class},
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=",
      "diptych.models.fill-mask=",
      "diptych.models.embed=bert",
      "diptych.models.precision=float32",
      "diptych.models.bert.source=src/test/resources/checkpoints/bert"
    })
@Timeout(120)
class RefusedLoadTests {

  private static final long ROOM = 1L << 30;
  private static final long LEFT = 1L << 10;
  private static final String LOAD =
      "{'model':'src/test/resources/checkpoints/qwen2','name':'qwen'}";

  @LocalServerPort private int port;
  @Autowired private MemoryPlan plan;

  @Test
  void isRefusedWithTheNumbersAndNothingElseSuffers() throws Exception {
    assertThat(post("/models/load", "{'model':'bert','wait':true}").statusCode()).isEqualTo(200);
    String vectors = post("/embed", "{'inputs':'A cat.'}").body();
    long taken = plan.promised(EncoderStartup.planned("bert")).orElseThrow();
    plan.admit("ballast", new MemoryNeed(ROOM - taken - LEFT, 0, 0), "int8", 128, 0);

    HttpResponse<String> refused = post("/models/load", LOAD);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(refused.body())
        .containsPattern("qwen: it takes \\d+ MB for its weights in float32, \\d+ MB more")
        .containsPattern("but only 1 MB of memory are left");
    assertThat(new HttpCaller(port).get("/models").body()).doesNotContain("qwen");
    assertThat(new HttpCaller(port).get("/health").statusCode()).isEqualTo(200);
    assertThat(post("/embed", "{'inputs':'A cat.'}").body()).isEqualTo(vectors);

    plan.release("ballast");
    assertThat(post("/models/load", LOAD).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return new HttpCaller(port).post(path, body.replace('\'', '"'));
  }

  @TestConfiguration
  static class LittleMemory {

    @Bean
    @Primary
    MemoryPlan littleMemory() {
      return new MemoryPlan(() -> OptionalLong.of(ROOM));
    }
  }
}
