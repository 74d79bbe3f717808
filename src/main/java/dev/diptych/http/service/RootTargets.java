package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import org.springframework.stereotype.Component;

/** Which paths can answer what is posted to the root, by the models that are configured. */
@Component
final class RootTargets {

  static final String ROOT = "/";
  static final String EMBED = "/embed";
  static final String SIMILARITY = "/similarity";
  static final String FILL_MASK = "/fill-mask";

  private final boolean embeds;
  private final String withoutBody;

  RootTargets(ModelStates models) {
    embeds = isConfigured(models, Role.EMBED);
    String others = !embeds && isConfigured(models, Role.FILL_MASK) ? FILL_MASK : ROOT;
    withoutBody = isConfigured(models, Role.GENERATE) ? ROOT : embeds ? EMBED : others;
  }

  private static boolean isConfigured(ModelStates models, Role role) {
    return models.roles().stream()
        .anyMatch(served -> served.role() == role && !(served.state() instanceof Served.Off<?>));
  }

  /** Where a request goes of which only the path is known. */
  String withoutBody() {
    return withoutBody;
  }

  /** Whether texts to embed may be posted to the root. */
  boolean embeds() {
    return embeds;
  }

  /** Where one with this body goes. */
  String of(RootBody body) {
    if (!embeds) {
      return withoutBody;
    }
    return switch (body) {
      case PAIR_OF_SENTENCES -> SIMILARITY;
      case TEXTS_TO_EMBED -> EMBED;
      case ANYTHING -> withoutBody;
    };
  }
}
