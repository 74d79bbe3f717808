package dev.diptych.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings of the service as its command line has them.
 *
 * @param arguments such as {@code --diptych.models.store=/models}
 */
public record ServiceSettings(List<String> arguments) {

  public ServiceSettings {
    arguments = List.copyOf(arguments);
  }

  /** What {@code diptych.models.} and a name is set to. */
  public Optional<String> model(String name) {
    String start = start(name);
    return arguments.stream()
        .filter(argument -> argument.startsWith(start))
        .map(argument -> argument.substring(start.length()))
        .findFirst();
  }

  /**
   * These settings with another one, which takes the place of any of that name: the service would
   * join the two.
   */
  public ServiceSettings withModel(String name, String value) {
    String start = start(name);
    return new ServiceSettings(
        Stream.concat(
                arguments.stream().filter(argument -> !argument.startsWith(start)),
                Stream.of(start + value))
            .toList());
  }

  /** The folder of the service's models. */
  public Path store() {
    return Path.of(model("store").orElse("models"));
  }

  private static String start(String name) {
    return "--diptych.models." + name + "=";
  }
}
