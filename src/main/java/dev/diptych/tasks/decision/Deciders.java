package dev.diptych.tasks.decision;

import dev.diptych.DiptychSettings.Decisions.Half;
import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.TextClassifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which model answers the questions of a request, of all that can. */
public final class Deciders {

  /** What clients send that do not choose. */
  private static final Set<String> THE_DEFAULT = Set.of("jev-latest", "jev-preview");

  private final List<Kind<?>> kinds;
  private final Half byDefault;
  private final DecisionLimits limits;

  /**
   * One way to answer; those of a half stand with the best first.
   *
   * @param answersAny whether a model answers all questions, and not only some by its name
   */
  private record Kind<T>(
      Half half,
      ServedModels<T> models,
      Function<T, Decider> decider,
      Predicate<T> answersAny,
      String how) {

    Optional<Choosable> first() {
      return Stream.of(models.all(), models.allPossible())
          .flatMap(List::stream)
          .filter(this::mayAnswerAny)
          .findFirst()
          .map(this::choosable);
    }

    private boolean mayAnswerAny(Served<T> served) {
      return !(served.state() instanceof Served.Ready<T>(T engine)) || answersAny.test(engine);
    }

    Optional<Choosable> named(String name) {
      return models.allPossible().stream()
          .filter(served -> served.isNamed(name))
          .findFirst()
          .map(this::choosable);
    }

    private Choosable choosable(Served<T> served) {
      return () -> new Chosen(served.name(), half, how, decider.apply(served.engine()));
    }
  }

  /** A model that may not be ready. */
  private interface Choosable {
    Chosen choose();
  }

  /**
   * All that can answer.
   *
   * @param byDefault which half answers a request that names no model
   */
  public Deciders(
      ServedModels<TextGenerator> generators,
      ServedModels<TextClassifier> classifiers,
      ServedModels<MaskFiller> maskFillers,
      ServedModels<Embedder> embedders,
      Half byDefault,
      DecisionLimits limits) {
    KnownLabels labels = new KnownLabels();
    this.kinds =
        List.of(
            new Kind<>(
                Half.DECODER,
                generators,
                generator -> new DecoderDecider(generator, limits, labels),
                _ -> true,
                "labels"),
            new Kind<>(
                Half.ENCODER,
                classifiers,
                classifier -> new ClassifierDecider(classifier, limits),
                ClassifierDecider::infers,
                "classifier"),
            new Kind<>(
                Half.ENCODER,
                maskFillers,
                filler -> new ClozeDecider(filler, limits),
                _ -> true,
                "cloze"),
            new Kind<>(
                Half.ENCODER,
                embedders,
                embedder -> new SimilarityDecider(embedder, limits),
                _ -> true,
                "similarity"));
    this.byDefault = byDefault;
    this.limits = limits;
  }

  /**
   * A model that answers.
   *
   * @param model what it is called
   * @param how it answers: {@code labels}, {@code classifier}, {@code cloze} or {@code similarity}
   */
  public record Chosen(String model, Half half, String how, Decider decider) {}

  /** What a request may ask for. */
  public DecisionLimits limits() {
    return limits;
  }

  /**
   * The one that a request names: a model, or {@code decoder} or {@code encoder} for the default
   * one of that half; null and {@code jev-latest} stand for the default half, or the other where it
   * has no model.
   *
   * @throws InvalidInput if there is no such model
   * @throws dev.diptych.ModelUnavailable if it does not answer now
   */
  public Chosen named(@Nullable String name) {
    if (name == null || THE_DEFAULT.contains(name)) {
      return first(byDefault)
          .or(() -> first(byDefault == Half.DECODER ? Half.ENCODER : Half.DECODER))
          .orElseThrow(() -> unknown("jev-latest"))
          .choose();
    }
    for (Half half : Half.values()) {
      if (half.label().equals(name)) {
        return of(half, null);
      }
    }
    return kinds.stream()
        .flatMap(kind -> kind.named(name).stream())
        .findFirst()
        .orElseThrow(() -> unknown(name))
        .choose();
  }

  /**
   * A model of one half.
   *
   * @param name null takes the default one
   * @throws InvalidInput if there is none
   * @throws dev.diptych.ModelUnavailable if it does not answer now
   */
  public Chosen of(Half half, @Nullable String name) {
    if (name == null) {
      return first(half).orElseThrow(() -> unknown(half.label())).choose();
    }
    return kinds.stream()
        .filter(kind -> kind.half() == half)
        .flatMap(kind -> kind.named(name).stream())
        .findFirst()
        .orElseThrow(() -> unknown(name))
        .choose();
  }

  private Optional<Choosable> first(Half half) {
    return kinds.stream()
        .filter(kind -> kind.half() == half)
        .flatMap(kind -> kind.first().stream())
        .findFirst();
  }

  private InvalidInput unknown(String name) {
    String names =
        kinds.stream()
            .flatMap(kind -> kind.models().allPossible().stream())
            .map(served -> "`" + served.name() + "`")
            .distinct()
            .collect(Collectors.joining(" and "));
    return new InvalidInput(
        InvalidInput.Kind.UNKNOWN_MODEL,
        "there is no model `%s` for decisions; there is %s"
            .formatted(Excerpt.of(name), names.isEmpty() ? "none" : names));
  }
}
