package dev.diptych.torchscript;

import dev.diptych.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The libtorch that the service was built with, of which a jar has one platform's. */
final class BundledLibtorch {

  private static final String DESCRIPTION = "native/lib/pytorch.properties";
  private static final String PLATFORM = "classifier";
  private static final String ANOTHER = "PYTORCH_LIBRARY_PATH";

  private BundledLibtorch() {}

  /**
   * Checks that what is on the class path runs on a platform, before anything else fails over it in
   * words of its own.
   *
   * @throws IllegalStateException if it does not, and no other libtorch is named
   */
  static void requireFor(Platform platform) {
    requireFor(
        platform, BundledLibtorch.class.getClassLoader(), System::getenv, System::getProperty);
  }

  static void requireFor(
      Platform platform,
      ClassLoader classPath,
      Function<String, @Nullable String> variables,
      Function<String, @Nullable String> properties) {
    if (variables.apply(ANOTHER) != null || properties.apply(ANOTHER) != null) {
      return;
    }
    List<String> bundled = platforms(classPath);
    if (!bundled.isEmpty() && !bundled.contains(platform.label())) {
      throw new IllegalStateException(
          "this build has the libtorch of %s and runs on %s; one for it is built with -Dplatform=%s, if there is one"
              .formatted(String.join(", ", bundled), platform.label(), platform.label()));
    }
    if (platform.isLinux() && !platform.hasGlibc()) {
      throw new IllegalStateException(
          "libtorch for Linux needs glibc, and this system has another C library");
    }
  }

  /** Those that the jars on the class path are for. */
  private static List<String> platforms(ClassLoader classPath) {
    List<String> platforms = new ArrayList<>();
    try {
      for (URL description : Collections.list(classPath.getResources(DESCRIPTION))) {
        Properties properties = new Properties();
        try (InputStream in = description.openStream()) {
          properties.load(in);
        }
        platforms.add(properties.getProperty(PLATFORM, "unknown"));
      }
      return platforms;
    } catch (IOException e) {
      return List.of(); // who loads the libraries meets it again
    }
  }
}
