package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed while it fetches its model, and the one that is started after it. */
class KilledDownloadIT {

  @TempDir Path store;

  @Test
  void theNextStartServes() throws Exception {
    try (RunningDiptych first = start("killed")) {
      HttpCaller http = first.http();
      await("the download")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> store.resolve(".partial/all-minilm-l6-v2").toFile().exists());
      HttpResponse<String> early = http.post("/embed", "{\"inputs\":\"A cat.\"}");
      assertThat(early.statusCode()).as(early.body()).isEqualTo(503);
      assertThat(early.headers().firstValue("retry-after")).isPresent();
    }
    assertThat(store.resolve("all-minilm-l6-v2")).doesNotExist();

    try (RunningDiptych second = start("after-killed").awaitReady()) {
      assertThat(new Conversation(second).ask("/embed", Map.of("inputs", "A cat.")).get(0).size())
          .isEqualTo(384);
    }
  }

  private RunningDiptych start(String name) throws Exception {
    return RunningDiptych.start(
        name,
        "diptych.models.generate=",
        "diptych.models.fill-mask=",
        "diptych.models.store=" + store);
  }
}
