package dev.diptych.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** All metrics as Prometheus reads them. */
public final class MetricsPage {

  private final PrometheusMeterRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  /**
   * The page as it is now.
   *
   * @param type its content type
   */
  @SuppressWarnings("ArrayRecordComponent") // made and written, never compared
  public record Content(String type, byte[] bytes) {}

  MetricsPage(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /** The page in Prometheus' own format, or in OpenMetrics if that is asked for. */
  public Content now(@Nullable String accept) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try {
      registry.scrape(bytes, accept == null ? "" : accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Content(formats.findWriter(accept).getContentType(), bytes.toByteArray());
  }
}
