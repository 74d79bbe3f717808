package dev.diptych.tasks.decision;

import dev.diptych.DiptychSettings.Decisions.Half;
import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which model answers the questions of a request, of all that can. */
public final class Deciders {

  /** What clients send that do not choose. */
  private static final Set<String> THE_DEFAULT = Set.of("jev-latest", "jev-preview");

  private final ServedModels<TextGenerator> generators;
  private final Half byDefault;
  private final DecisionLimits limits;
  private final KnownLabels labels = new KnownLabels();

  /**
   * @param byDefault which half answers a request that names no model
   */
  public Deciders(ServedModels<TextGenerator> generators, Half byDefault, DecisionLimits limits) {
    this.generators = generators;
    this.byDefault = byDefault;
    this.limits = limits;
  }

  /**
   * A model that answers.
   *
   * @param model what it is called
   */
  public record Chosen(String model, Half half, Decider decider) {}

  /** What a request may ask for. */
  public DecisionLimits limits() {
    return limits;
  }

  /**
   * The one that a request names: a model, or {@code decoder} or {@code encoder} for the default
   * one of that half; null and {@code jev-latest} stand for the default half.
   *
   * @throws InvalidInput if there is no such model
   * @throws dev.diptych.ModelUnavailable if it does not answer now
   */
  public Chosen named(@Nullable String name) {
    if (name == null || THE_DEFAULT.contains(name)) {
      return of(byDefault);
    }
    for (Half half : Half.values()) {
      if (half.label().equals(name)) {
        return of(half);
      }
    }
    for (Served<TextGenerator> served : generators.allPossible()) {
      if (served.isNamed(name)) {
        return decoder(served);
      }
    }
    throw new InvalidInput(
        InvalidInput.Kind.UNKNOWN_MODEL,
        "there is no model `%s` for decisions; there is %s"
            .formatted(
                Excerpt.of(name),
                generators.allPossible().stream()
                    .map(served -> "`" + served.name() + "`")
                    .collect(Collectors.joining(" and "))));
  }

  /** The default model of a half. */
  private Chosen of(Half half) {
    if (half == Half.ENCODER) {
      throw new InvalidInput(
          InvalidInput.Kind.UNKNOWN_MODEL, "no encoder answers decisions; a decoder does");
    }
    return decoder(generators.first());
  }

  private Chosen decoder(Served<TextGenerator> served) {
    return new Chosen(
        served.name(), Half.DECODER, new DecoderDecider(served.engine(), limits, labels));
  }
}
