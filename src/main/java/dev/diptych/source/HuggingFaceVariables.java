package dev.diptych.source;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The environment variables and the login of Hugging Face's tools, as defaults of the settings that
 * they stand for. An empty variable counts as one that is not set.
 */
final class HuggingFaceVariables implements EnvironmentPostProcessor {

  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final int LONGEST_TOKEN = 4096;
  private static final String PREFIX = "diptych.models.";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    addTo(environment);
  }

  static void addTo(ConfigurableEnvironment environment) {
    Reading reading = new Reading(environment);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(PREFIX + "hub-cache", reading.cache().toString());
    settings.put(PREFIX + "offline", reading.isTrue("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"));
    put(settings, "hub-endpoint", reading.first("HF_ENDPOINT"));
    put(settings, "hub-token", reading.token());
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("huggingFaceVariables", settings));
  }

  private static void put(Map<String, Object> settings, String name, String value) {
    if (!value.isEmpty()) {
      settings.put(PREFIX + name, value);
    }
  }

  /** The variables, newer names before older ones. */
  private record Reading(ConfigurableEnvironment environment) {

    String first(String... names) {
      return Stream.of(names)
          .map(name -> environment.getProperty(name, "").strip())
          .filter(value -> !value.isEmpty())
          .findFirst()
          .orElse("");
    }

    boolean isTrue(String... names) {
      return TRUE.contains(first(names).toUpperCase(Locale.ROOT));
    }

    Path cache() {
      String cache = first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE");
      return cache.isEmpty() ? home().resolve("hub") : path(cache);
    }

    private Path home() {
      String home = first("HF_HOME");
      if (!home.isEmpty()) {
        return path(home);
      }
      String caches = first("XDG_CACHE_HOME");
      return path(caches.isEmpty() ? "~/.cache" : caches).resolve("huggingface");
    }

    /* The variable, else the file that a login has left. */
    String token() {
      if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
        return "";
      }
      String token = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
      if (!token.isEmpty()) {
        return token;
      }
      String file = first("HF_TOKEN_PATH");
      try (InputStream in =
          Files.newInputStream(file.isEmpty() ? home().resolve("token") : path(file))) {
        return new String(in.readNBytes(LONGEST_TOKEN), StandardCharsets.UTF_8).strip();
      } catch (IOException e) {
        return ""; // no login
      }
    }

    private Path path(String value) {
      String user = environment.getProperty("user.home", "");
      String expanded =
          value.equals("~") || value.startsWith("~/") || value.startsWith("~" + File.separator)
              ? user + value.substring(1)
              : value;
      try {
        return Path.of(expanded);
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException("no path: " + e.getReason(), e);
      }
    }
  }
}
