package dev.diptych.startup;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code diptych.models.<name>} says of one model.
 *
 * @param source a name in the catalogue, {@code org/name[@revision]}, a folder or a {@code .gguf}
 *     file
 * @param tasks what it does: {@code generate}, {@code fill-mask}, {@code embed}, {@code classify},
 *     {@code rank}, {@code tag}, {@code answer}; whatever its head can do if there are none
 * @param precision instead of {@code diptych.models.precision}
 * @param backend instead of {@code diptych.models.backend}
 * @param alias further names
 */
record NamedModelSettings(
    @DefaultValue("") String source,
    @DefaultValue List<String> tasks,
    @Nullable String precision,
    @Nullable String backend,
    @DefaultValue List<String> alias) {

  /** The keys, without what is between their words. */
  static final Set<String> KEYS = Set.of("source", "tasks", "precision", "backend", "alias");

  NamedModelSettings {
    tasks = List.copyOf(tasks);
    alias = List.copyOf(alias);
  }
}
