package dev.diptych.http.generate;

import dev.diptych.InvalidInput;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Why a request body could not be read.
 *
 * @param isJson whether it is JSON at all, and only a value in it has the wrong type
 * @param message names the field, what it must be and where it stands
 */
record UnreadableBody(boolean isJson, String message) {

  static UnreadableBody of(HttpMessageNotReadableException cause) {
    return switch (cause.getCause()) {
      case ValueInstantiationException refused
          when refused.getCause() instanceof InvalidInput invalid ->
          new UnreadableBody(true, String.valueOf(invalid.getMessage()));
      case MismatchedInputException mismatch ->
          new UnreadableBody(
              true,
              "`%s` must be %s%s"
                  .formatted(
                      path(mismatch), expected(mismatch.getTargetType()), position(mismatch)));
      case InputCoercionException range ->
          new UnreadableBody(
              true,
              "`%s`: %s%s".formatted(path(range), range.getOriginalMessage(), position(range)));
      case DatabindException other ->
          new UnreadableBody(
              true,
              "`%s`: %s%s".formatted(path(other), other.getOriginalMessage(), position(other)));
      case JacksonException syntax ->
          new UnreadableBody(
              false,
              "the body is not JSON: %s%s"
                  .formatted(syntax.getOriginalMessage(), position(syntax)));
      case null, default -> new UnreadableBody(false, "the body must be a JSON object");
    };
  }

  private static String path(JacksonException cause) {
    String path =
        cause.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null
                        ? "[%d]".formatted(step.getIndex())
                        : "." + step.getPropertyName())
            .collect(Collectors.joining());
    return path.isEmpty() ? "body" : path.startsWith(".") ? path.substring(1) : path;
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == Integer.class || type == Long.class) {
      return "an integer";
    }
    if (type == Float.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String position(JacksonException cause) {
    TokenStreamLocation location = cause.getLocation();
    return location == null || location.getLineNr() < 1
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }
}
