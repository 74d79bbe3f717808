package dev.diptych.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TracesTests {

  @Test
  void areNotSentUnlessACollectorIsNamed() {
    try (Traces traces = Traces.to("", _ -> null);
        Traces emptyVariable = Traces.to(" ", _ -> "")) {
      assertThat(traces.areSent()).isFalse();
      assertThat(emptyVariable.areSent()).isFalse();
      RequestAccount account = new RequestAccount("id", "/generate", traces.areSent());
      account.spent("queue", 1, 2);
      traces.ended(account, "POST", 200, _ -> null);
      assertThat(account.phases()).isEmpty();
    }
  }

  @Test
  void areSentToTheCollectorOfOpenTelemetrysVariable() {
    Map<String, String> variables =
        Map.of("otel.exporter.otlp.traces.endpoint", "http://localhost:4318/v1/traces");
    try (Traces traces = Traces.to("", variables::get)) {
      assertThat(traces.areSent()).isTrue();
    }
  }

  @Test
  void aRequestOfManyPartsKeepsAHundredOfThem() {
    RequestAccount account = new RequestAccount("id", "/v1/completions", true);
    for (int i = 0; i < 1000; i++) {
      account.spent("queue", i, i + 1);
    }
    assertThat(account.phases()).hasSize(100);
  }
}
