package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The models that have a name of their own, as {@code models/catalog.yml} lists them.
 *
 * @param models by name, in the order of the file
 */
record ModelCatalog(Map<String, Entry> models) {

  private static final long LARGEST = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,95}");

  /**
   * One model.
   *
   * @param roles what it answers, for people who read the catalogue
   * @param sources in the order in which they are asked
   */
  record Entry(
      String description, List<String> roles, String license, List<CatalogSource> sources) {

    Entry(
        @Nullable String description,
        @Nullable List<String> roles,
        @Nullable String license,
        @Nullable List<CatalogSource> sources) {
      this.description = Objects.requireNonNullElse(description, "");
      this.roles = roles == null ? List.of() : List.copyOf(roles);
      this.license = Objects.requireNonNullElse(license, "");
      if (sources == null || sources.isEmpty()) {
        throw new IllegalArgumentException("a model needs at least one source");
      }
      this.sources = List.copyOf(sources);
    }
  }

  ModelCatalog(@Nullable Map<String, Entry> models) {
    SequencedMap<String, Entry> copy = new LinkedHashMap<>(models == null ? Map.of() : models);
    for (String name : copy.keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("\"%s\" is no name for a model".formatted(name));
      }
    }
    this.models = Collections.unmodifiableMap(copy);
  }

  /** A catalogue without models. */
  static ModelCatalog empty() {
    return new ModelCatalog(Map.of());
  }

  /**
   * Reads a catalogue; a file that does not exist is an empty one.
   *
   * @throws IOException saying what is wrong with it and where
   */
  static ModelCatalog read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return empty();
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException("%s is larger than %d bytes".formatted(file, LARGEST));
    }
    YAMLMapper mapper =
        YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    try {
      return mapper.readValue(Files.readString(file), ModelCatalog.class);
    } catch (JacksonException e) {
      throw new IOException(
          "%s, line %d: %s".formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    }
  }
}
