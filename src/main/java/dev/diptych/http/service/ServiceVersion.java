package dev.diptych.http.service;

import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** The version that the build wrote down; {@code development} where no build did. */
@Component
final class ServiceVersion {

  private final String number;

  ServiceVersion(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    this.number =
        properties == null
            ? "development"
            : Objects.requireNonNullElse(properties.getVersion(), "development");
  }

  String number() {
    return number;
  }
}
