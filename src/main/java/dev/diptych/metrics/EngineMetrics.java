package dev.diptych.metrics;

import dev.diptych.encoding.EncodingWatch;
import dev.diptych.generation.GenerationWatch;
import dev.diptych.model.Explanation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What engines do, under names of our own and of the peers. */
public final class EngineMetrics {

  /*
   * A model that is loaded again goes on with its meters. Folders of the machine are not told. A peer's are there from its first engine
   * on, and there once.
   */

  private final Meters meters;
  private final Lazy<TextGenerationInferenceMetrics> ofGeneration;
  private final Lazy<TextEmbeddingsInferenceMetrics> ofEmbeddings;
  private final Map<String, GenerationWatch> decoders = new ConcurrentHashMap<>();
  private final Map<String, EncodingWatch> encoders = new ConcurrentHashMap<>();

  EngineMetrics(Meters meters, PeerCounters counters) {
    this.meters = meters;
    this.ofGeneration = new Lazy<>(() -> new TextGenerationInferenceMetrics(meters, counters));
    this.ofEmbeddings = new Lazy<>(() -> new TextEmbeddingsInferenceMetrics(meters, counters));
  }

  /** Metrics that nobody sees. */
  public static EngineMetrics unseen() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new EngineMetrics(
        new Meters(registry), new PeerCounters(registry.getPrometheusRegistry()));
  }

  /** Who watches a decoder. */
  public GenerationWatch decoder(String model) {
    return decoders.computeIfAbsent(
        Explanation.withoutPaths(model),
        name -> new DecoderMetrics(meters, name, ofGeneration.get()));
  }

  /** Who watches an encoder. */
  public EncodingWatch encoder(String model) {
    return encoders.computeIfAbsent(
        Explanation.withoutPaths(model),
        name -> new EncoderMetrics(meters, name, ofEmbeddings.get()));
  }

  /** What is made when it is first wanted. */
  private static final class Lazy<T> {

    private final Supplier<T> made;
    private @Nullable T value;

    Lazy(Supplier<T> made) {
      this.made = made;
    }

    synchronized T get() {
      T known = value;
      if (known == null) {
        known = made.get();
        value = known;
      }
      return known;
    }
  }
}
