package dev.diptych.model;

import java.util.List;
import java.util.Set;

/**
 * A model by the name that requests give it: where it comes from, what it is for, how it is
 * computed.
 *
 * @param name in requests, logs and metrics; for a model that a role's setting names without more,
 *     its source
 * @param aliases further names
 * @param source a name in the catalogue, {@code org/name[@revision]}, a folder or a {@code .gguf}
 *     file
 * @param tasks what it has to do
 * @param byHead whether it does beside them whatever its head can do
 * @param precision {@code auto} or one that {@code diptych.models.precision} has
 * @param backend {@code auto}, {@code pytorch} or {@code machine-code}
 */
public record NamedModel(
    String name,
    List<String> aliases,
    String source,
    Set<Role> tasks,
    boolean byHead,
    String precision,
    String backend) {

  private static final String AUTO = "auto";

  public NamedModel {
    aliases = List.copyOf(aliases);
    tasks = Set.copyOf(tasks);
  }

  /** A model that has no name but its source. */
  public static NamedModel of(String source, Role role) {
    return new NamedModel(source, List.of(), source, Set.of(role), false, AUTO, AUTO);
  }

  /** Whether it may come to do something, which is certain once its head is known. */
  public boolean mayDo(Role role) {
    return byHead || tasks.contains(role);
  }

  /** The name as people outside see it: of an absolute path only the end. */
  public String shownName() {
    return Explanation.withoutPaths(name);
  }

  /** Whether this is one of its names; the revision of one may be left out. */
  public boolean isNamed(String given) {
    return isName(given, shownName())
        || isName(given, name)
        || aliases.stream()
            .anyMatch(
                alias -> isName(given, alias) || isName(given, Explanation.withoutPaths(alias)));
  }

  private static boolean isName(String given, String name) {
    int revision = name.lastIndexOf('@');
    return given.equals(name) || (revision > 0 && given.equals(name.substring(0, revision)));
  }
}
