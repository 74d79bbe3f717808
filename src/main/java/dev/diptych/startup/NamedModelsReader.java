package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Finds the names that the settings give to models, and reads what stands below each. */
final class NamedModelsReader {

  /*
   * Names stand where settings stand (diptych.models.<name> beside diptych.models.store), so what is
   * no setting is a name. In an environment variable every _ may be a dot or nothing
   * (DIPTYCH_MODELS_KEEP_PREPARED), so settings are known by their letters alone.
   */

  private static final ConfigurationPropertyName MODELS =
      ConfigurationPropertyName.of("diptych.models");
  private static final int NAME = MODELS.getNumberOfElements();
  static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");
  static final Pattern PRECISIONS = Pattern.compile("auto|float32|float16|bfloat16|int8");
  static final Pattern BACKENDS = Pattern.compile("auto|pytorch|machine-code");
  private static final Set<String> SETTINGS =
      DiptychSettings.Models.NAMES.stream()
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private final Environment environment;
  private final DiptychSettings.Models settings;
  private final Map<String, String> taken = new HashMap<>(); // names, and who has them

  NamedModelsReader(Environment environment, DiptychSettings.Models settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /**
   * The models, in the order of the settings.
   *
   * @throws InvalidConfigurationPropertyValueException if one cannot be as it is written
   */
  List<NamedModel> read() {
    Map<ConfigurationPropertyName, String> names = new LinkedHashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream()
            .filter(MODELS::isAncestorOf)
            .filter(property -> !isSetting(property))
            .forEach(property -> note(property, names));
      }
    }
    Binder binder = Binder.get(environment);
    List<NamedModel> models = new ArrayList<>();
    names.forEach(
        (property, name) ->
            models.add(
                model(
                    property,
                    name,
                    binder.bindOrCreate(property.toString(), NamedModelSettings.class))));
    return models;
  }

  private static boolean isSetting(ConfigurationPropertyName property) {
    return SETTINGS.contains(letters(property, NAME));
  }

  /* Of all elements from one on, without indexes. */
  private static String letters(ConfigurationPropertyName property, int from) {
    StringBuilder letters = new StringBuilder();
    for (int i = from; i < property.getNumberOfElements(); i++) {
      String element = property.getElement(i, Form.UNIFORM);
      boolean index = property.isNumericIndex(i) || (i > from && element.matches("[0-9]+"));
      letters.append(index ? "" : element);
    }
    return letters.toString();
  }

  private void note(
      ConfigurationPropertyName property, Map<ConfigurationPropertyName, String> names) {
    String name = property.getElement(NAME, Form.ORIGINAL);
    if (SETTINGS.contains(property.getElement(NAME, Form.UNIFORM))) {
      throw refused(property, "no model can be called %s, as a setting is".formatted(name));
    }
    if (property.getNumberOfElements() == NAME + 1) {
      throw refused(
          property,
          "there is no such setting; a model of that name has its source in diptych.models.%s.source"
              .formatted(name));
    }
    if (!NamedModelSettings.KEYS.contains(letters(property, NAME + 1))) {
      throw refused(
          property,
          "a model has source, tasks, precision, backend and alias; a name in an environment"
              + " variable has no underscores");
    }
    names.put(property.chop(NAME + 1), name); // the last one, as in files
  }

  private NamedModel model(
      ConfigurationPropertyName property, String name, NamedModelSettings model) {
    ConfigurationPropertyName source = property.append("source");
    if (model.source().isBlank()) {
      throw refused(source, "it is missing");
    }
    take(property, name, name);
    ConfigurationPropertyName alias = property.append("alias");
    model.alias().forEach(other -> take(alias, other, name));
    ConfigurationPropertyName tasks = property.append("tasks");
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String task : model.tasks()) {
      roles.add(
          Role.of(task)
              .orElseThrow(() -> refused(tasks, "%s is none of %s".formatted(task, labels()))));
    }
    return new NamedModel(
        name,
        model.alias(),
        model.source(),
        roles,
        roles.isEmpty(),
        oneOf(PRECISIONS, property.append("precision"), model.precision(), settings.precision()),
        oneOf(BACKENDS, property.append("backend"), model.backend(), settings.backend()));
  }

  private void take(ConfigurationPropertyName property, String name, String model) {
    if (!NAMES.matcher(name).matches()) {
      throw refused(
          property,
          "a name has up to 128 letters, digits and any of . _ : / -, and begins with a letter or a"
              + " digit");
    }
    String other = taken.putIfAbsent(name, model);
    if (other != null) {
      throw refused(property, "%s is called %s already".formatted(other, name));
    }
  }

  private String oneOf(
      Pattern allowed,
      ConfigurationPropertyName property,
      @Nullable String value,
      String otherwise) {
    String chosen = Objects.requireNonNullElse(value, otherwise);
    if (!allowed.matcher(chosen).matches()) {
      throw refused(property, "it must be one of " + allowed.pattern().replace("|", ", "));
    }
    return chosen;
  }

  private static String labels() {
    return String.join(", ", EnumSet.allOf(Role.class).stream().map(Role::label).toList());
  }

  private InvalidConfigurationPropertyValueException refused(
      ConfigurationPropertyName property, String reason) {
    return new InvalidConfigurationPropertyValueException(
        property.toString(), environment.getProperty(property.toString()), reason);
  }
}
