package dev.diptych.http.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;

/** The paths that controllers answer, as they have them; all others are one. */
@Component
final class Endpoints {

  static final String OTHER = "other";
  private static final String ROOT = "/";
  private static final String HEALTH = "/health";
  private static final String ACTUATOR = "/actuator";

  private final ObjectProvider<RequestMappingHandlerMapping> controllers;
  private volatile Paths paths = new Paths(Set.of(), List.of());

  /** Paths without variables, and those with some. */
  private record Paths(Set<String> direct, List<PathPattern> patterns) {}

  Endpoints(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> controllers) {
    this.controllers = controllers;
  }

  /** The endpoint of a request for a decoded path; one of a number that does not grow. */
  String of(String method, String path) {
    Paths known = known();
    if (path.equals(ROOT) && !method.equals("POST")) {
      return HEALTH; // which it answers as
    }
    if (known.direct().contains(path)) {
      return path;
    }
    if (path.startsWith(ACTUATOR)) {
      return ACTUATOR;
    }
    if (!known.patterns().isEmpty()) {
      PathContainer parsed = PathContainer.parsePath(UriUtils.encodePath(path, UTF_8));
      for (PathPattern pattern : known.patterns()) {
        if (pattern.matches(parsed)) {
          return pattern.getPatternString();
        }
      }
    }
    return OTHER;
  }

  private Paths known() {
    Paths known = paths;
    if (known.direct().isEmpty()) {
      known = read();
      paths = known;
    }
    return known;
  }

  private Paths read() {
    Set<String> direct = new HashSet<>();
    List<PathPattern> patterns = new ArrayList<>();
    for (RequestMappingInfo mapping : controllers.getObject().getHandlerMethods().keySet()) {
      direct.addAll(mapping.getDirectPaths());
      for (PathPattern pattern :
          mapping.getPathPatternsCondition() == null
              ? Set.<PathPattern>of()
              : mapping.getPathPatternsCondition().getPatterns()) {
        if (!direct.contains(pattern.getPatternString())) {
          patterns.add(pattern);
        }
      }
    }
    return new Paths(Set.copyOf(direct), List.copyOf(patterns));
  }
}
