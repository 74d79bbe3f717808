package dev.diptych.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.InferenceFailed;
import dev.diptych.Overloaded;
import dev.diptych.encoding.EncoderTask;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.EncodingWatch;
import dev.diptych.generation.GenerationReport;
import dev.diptych.generation.GenerationWatch;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineMetricsTests {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EngineMetrics metrics =
      new EngineMetrics(new Meters(registry), new PeerCounters(registry.getPrometheusRegistry()));

  private static final long SECOND = 1_000_000_000L;

  private static GenerationReport report(@Nullable InferenceFailed failure, boolean wasClosed) {
    return new GenerationReport(
        failure,
        wasClosed,
        10,
        4,
        100,
        1,
        5,
        2,
        SECOND,
        2 * SECOND,
        4 * SECOND,
        8 * SECOND,
        16 * SECOND);
  }

  @Test
  void tellsWhereTheTimeOfAGenerationWent() {
    metrics.decoder("m").follow().ended(report(null, false));

    assertThat(registry.scrape())
        .contains("diptych_preparation_seconds_sum{endpoint=\"\",model=\"m\"} 1.0")
        .contains("diptych_queue_seconds_sum{endpoint=\"\",model=\"m\"} 2.0")
        .contains("diptych_prefill_seconds_sum{endpoint=\"\",model=\"m\"} 4.0")
        .contains("diptych_first_token_seconds_sum{endpoint=\"\",model=\"m\"} 7.0")
        .contains("diptych_decode_seconds_sum{endpoint=\"\",model=\"m\"} 8.0")
        .contains("diptych_token_seconds_sum{endpoint=\"\",model=\"m\"} 2.0")
        .contains("diptych_input_tokens_sum{endpoint=\"\",model=\"m\"} 10.0")
        .contains("diptych_output_tokens_sum{endpoint=\"\",model=\"m\"} 5.0")
        .contains("diptych_prefix_hits_total{model=\"m\"} 1.0")
        .contains("diptych_prefix_tokens_total{model=\"m\"} 4.0")
        .contains("tgi_request_duration_sum 15.0")
        .contains("tgi_request_queue_duration_sum 2.0")
        .contains("tgi_request_inference_duration_sum 12.0")
        .contains("tgi_request_skipped_tokens_sum 2.0")
        .contains("\ntgi_request_count 1.0\n", "\ntgi_request_success 1.0\n");
  }

  @Test
  void answersThatAreDrawnTogetherDoNotMakeTokensFaster() {
    metrics
        .decoder("m")
        .follow()
        .ended(
            new GenerationReport(
                null,
                false,
                10,
                0,
                100,
                2,
                10,
                0,
                SECOND,
                SECOND,
                SECOND,
                2 * SECOND,
                10 * SECOND));

    assertThat(registry.scrape())
        .contains("diptych_token_seconds_sum{endpoint=\"\",model=\"m\"} 2.0")
        .contains("tgi_request_mean_time_per_token_duration_sum 1.8");
  }

  @Test
  void aGenerationThatItsCallerLeftIsDroppedAndOneThatFailsIsNot() {
    GenerationWatch watch = metrics.decoder("m");
    watch.follow().ended(report(new InferenceFailed("closed"), true));
    watch.follow().ended(report(new InferenceFailed("broken"), false));

    assertThat(registry.scrape())
        .contains("diptych_cancelled_total{model=\"m\"} 1.0")
        .contains("tgi_request_failure{err=\"dropped\"} 1.0")
        .contains("tgi_request_failure{err=\"generation\"} 1.0")
        .contains("\ntgi_request_success 0.0\n");
  }

  @Test
  void refusalsAreCountedByTheirReason() {
    Overloaded reason = new Overloaded("full", Duration.ofSeconds(1));
    metrics.decoder("m").follow().refused(reason);
    metrics.encoder("e").failed(new EncoderTask.HiddenStates(), reason);
    metrics.encoder("e").failed(new EncoderTask.MaskedLanguageModel(), reason);

    assertThat(registry.scrape())
        .contains("diptych_refused_total{endpoint=\"\",model=\"m\",outcome=\"overloaded\"} 1.0")
        .contains("diptych_refused_total{endpoint=\"\",model=\"e\",outcome=\"overloaded\"} 2.0")
        .contains("tgi_request_failure{err=\"overloaded\"} 1.0")
        .contains("te_request_failure{err=\"overloaded\"} 1.0");
  }

  @Test
  void textsToClassifyAreCountedApartFromThoseToEmbed() {
    EncodingWatch watch = metrics.encoder("e");
    EncodingMetrics cost =
        new EncodingMetrics(
            9, 7, Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));
    watch.asked(new EncoderTask.TextLogits(), 3);
    watch.encoded(new EncoderTask.TextLogits(), new int[] {2, 3, 2}, cost);
    watch.asked(new EncoderTask.HiddenStates(), 1);
    watch.asked(new EncoderTask.TokenLogits(), 1);

    assertThat(registry.scrape())
        .contains("\nte_predict_count 3.0\n", "\nte_predict_success 3.0\n")
        .contains("\nte_predict_inference_duration_sum 3.0\n")
        .contains("\nte_embed_count 1.0\n", "\nte_embed_success 0.0\n")
        .contains("te_request_count{method=\"batch\"} 1.0")
        .contains("te_request_count{method=\"single\"} 1.0");
  }

  @Test
  void aModelThatIsLoadedAgainGoesOnAndFoldersStayUntold() {
    metrics.decoder("/srv/secret/models/m").stepped(0, 1, 3, 2, 1000);
    metrics.decoder("/srv/secret/models/m").stepped(0, 1, 3, 2, 1000);
    metrics.encoder("e").begins(() -> 3);
    metrics.encoder("f").begins(() -> 4);

    assertThat(registry.scrape())
        .contains("diptych_draft_tokens_total{model=\"…/m\"} 6.0")
        .contains("diptych_draft_accepted_tokens_total{model=\"…/m\"} 4.0")
        .contains("\nte_queue_size 7.0\n")
        .doesNotContain("secret");
  }
}
