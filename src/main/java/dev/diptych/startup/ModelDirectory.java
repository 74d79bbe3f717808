package dev.diptych.startup;

import dev.diptych.DiptychSettings;
import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.model.ModelLifeCycle;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every model that the settings want, each once: the defaults of the roles, then the others. */
final class ModelDirectory {

  private static final int LONGEST_SOURCE = 300;

  private final DiptychSettings.Models settings;
  private final List<NamedModel> models;
  private final Map<Role, String> defaults = new LinkedHashMap<>(); // by their names

  /**
   * @param named models with names of their own
   */
  ModelDirectory(DiptychSettings.Models settings, List<NamedModel> named) {
    this.settings = settings;
    this.models = new ArrayList<>(merged(named));
    for (Role role : Role.values()) {
      String model = ofRole(settings, role);
      if (!model.isEmpty()) {
        defaults.put(role, add(model, role, settings));
      }
    }
  }

  private static String ofRole(DiptychSettings.Models settings, Role role) {
    return switch (role) {
      case GENERATE -> settings.generate();
      case FILL_MASK -> settings.fillMask();
      case EMBED -> settings.embed();
      case EMBED_SPARSE -> settings.embedSparse();
      case CLASSIFY -> settings.classify();
      case RANK -> settings.rank();
      case TAG -> settings.tag();
      case ANSWER -> settings.answer();
    };
  }

  /* One model of those with the same source, computed alike, whose names it has all. */
  private static List<NamedModel> merged(List<NamedModel> named) {
    List<NamedModel> merged = new ArrayList<>();
    for (NamedModel model : named) {
      int same = -1;
      for (int i = 0; i < merged.size(); i++) {
        same = isSame(merged.get(i), model) ? i : same;
      }
      if (same < 0) {
        merged.add(model);
      } else {
        NamedModel first = merged.get(same);
        List<String> aliases = new ArrayList<>(first.aliases());
        aliases.add(model.name());
        aliases.addAll(model.aliases());
        Set<Role> tasks = roles(first, model.tasks());
        merged.set(same, with(first, aliases, tasks, first.byHead() || model.byHead()));
      }
    }
    return merged;
  }

  private static boolean isSame(NamedModel one, NamedModel other) {
    return one.source().equals(other.source())
        && one.precision().equals(other.precision())
        && one.backend().equals(other.backend());
  }

  /* The name of the model that a role's setting means, which gets the role. */
  private String add(String setting, Role role, DiptychSettings.Models settings) {
    NamedModel wanted =
        new NamedModel(
            setting,
            List.of(),
            setting,
            Set.of(role),
            false,
            settings.precision(),
            settings.backend());
    for (int i = 0; i < models.size(); i++) {
      NamedModel model = models.get(i);
      boolean isNamed = model.name().equals(setting) || model.aliases().contains(setting);
      if (isNamed || isSame(model, wanted)) {
        List<String> aliases = new ArrayList<>(model.aliases());
        if (!isNamed) {
          aliases.add(setting);
        }
        models.set(i, with(model, aliases, roles(model, Set.of(role)), model.byHead()));
        return model.name();
      }
    }
    models.add(wanted);
    return setting;
  }

  private static Set<Role> roles(NamedModel model, Set<Role> more) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    roles.addAll(more);
    roles.addAll(model.tasks());
    return roles;
  }

  private static NamedModel with(
      NamedModel model, List<String> aliases, Set<Role> tasks, boolean byHead) {
    return new NamedModel(
        model.name(), aliases, model.source(), tasks, byHead, model.precision(), model.backend());
  }

  /**
   * A model that a request wants.
   *
   * @throws InvalidInput if it cannot be as the request says
   */
  NamedModel named(ModelLifeCycle.Wanted wanted) {
    String name = wanted.name() == null ? wanted.model() : wanted.name();
    if (wanted.name() != null && !NamedModelsReader.NAMES.matcher(name).matches()) {
      throw new InvalidInput(
          "`name` has up to 128 letters, digits and any of . _ : / -, and begins with a letter or a"
              + " digit. Given: "
              + Excerpt.of(name));
    }
    if (wanted.model().length() > LONGEST_SOURCE
        || wanted.model().chars().anyMatch(c -> c < ' ')
        || wanted.model().isBlank()) {
      throw new InvalidInput(
          "`model` must be the name of a model, or a source of at most %d characters. Given: %s"
              .formatted(LONGEST_SOURCE, Excerpt.of(wanted.model())));
    }
    return new NamedModel(
        name,
        List.of(),
        wanted.model(),
        wanted.tasks(),
        wanted.tasks().isEmpty(),
        oneOf(NamedModelsReader.PRECISIONS, "precision", wanted.precision(), settings.precision()),
        oneOf(NamedModelsReader.BACKENDS, "backend", wanted.backend(), settings.backend()));
  }

  private static String oneOf(
      Pattern allowed, String field, @Nullable String value, String otherwise) {
    if (value != null && !allowed.matcher(value).matches()) {
      throw new InvalidInput(
          "`%s` must be one of %s. Given: %s"
              .formatted(field, allowed.pattern().replace("|", ", "), Excerpt.of(value)));
    }
    return value == null ? otherwise : value;
  }

  /** Every model. */
  List<NamedModel> models() {
    return List.copyOf(models);
  }

  /** The models that have a role, or may turn out to have it, the default first. */
  <T> ServedModels<T> served(Role role) {
    List<Served<T>> served = new ArrayList<>();
    for (NamedModel model : models) {
      if (model.mayDo(role)) {
        Served<T> one = new Served<>(role, model);
        served.add(model.name().equals(defaults.get(role)) ? 0 : served.size(), one);
      }
    }
    return new ServedModels<>(role, served);
  }
}
