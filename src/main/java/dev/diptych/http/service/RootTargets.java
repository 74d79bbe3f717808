package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Which paths can answer what is posted to the root, by the models that are configured. */
@Component
final class RootTargets {

  static final String ROOT = "/";
  static final String EMBED = "/embed";
  static final String SIMILARITY = "/similarity";
  static final String FILL_MASK = "/fill-mask";

  private static final List<Role> FIRST =
      List.of(
          Role.GENERATE, Role.EMBED, Role.FILL_MASK, Role.EMBED_SPARSE, Role.RANK, Role.CLASSIFY);

  private static final Map<Role, String> BY_ROLE =
      Map.of(
          Role.GENERATE,
          ROOT,
          Role.EMBED,
          EMBED,
          Role.FILL_MASK,
          FILL_MASK,
          Role.EMBED_SPARSE,
          Role.EMBED_SPARSE.endpoint(),
          Role.RANK,
          Role.RANK.endpoint(),
          Role.CLASSIFY,
          Role.CLASSIFY.endpoint());

  private final ModelStates models;

  RootTargets(ModelStates models) {
    this.models = models;
  }

  /** Where a request goes of which only the path is known. */
  String withoutBody() {
    return FIRST.stream().filter(this::isConfigured).findFirst().map(BY_ROLE::get).orElse(ROOT);
  }

  /** Whether texts to embed may be posted to the root. */
  boolean embeds() {
    return isConfigured(Role.EMBED);
  }

  private boolean isConfigured(Role role) {
    return models.roles().stream()
        .anyMatch(served -> served.role() == role && !(served.state() instanceof Served.Off<?>));
  }

  /** Where one with this body goes. */
  String of(RootBody body) {
    Set<Role> able = body.model() == null ? Set.of() : models.rolesOf(body.model());
    boolean embeds = able.isEmpty() ? embeds() : able.contains(Role.EMBED);
    if (embeds && body.kind() == RootBody.Kind.PAIR_OF_SENTENCES) {
      return SIMILARITY;
    }
    if (embeds && body.kind() == RootBody.Kind.TEXTS_TO_EMBED) {
      return EMBED;
    }
    return FIRST.stream()
        .filter(able::contains)
        .findFirst()
        .map(BY_ROLE::get)
        .orElseGet(this::withoutBody);
  }
}
