package dev.diptych.http;

import dev.diptych.Excerpt;
import java.math.BigInteger;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Why a request body could not be read.
 *
 * @param isJson whether it is JSON, and only a value in it has the wrong type
 * @param message names the field, what is wrong and where it stands
 */
public record BodyProblem(boolean isJson, String message) {

  public BodyProblem {
    message = Excerpt.of(message);
  }

  /** What Jackson says of a source that it does not show. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at .*\\)");

  /** Where Jackson says which of its settings a limit is. */
  private static final Pattern CONSTRAINT = Pattern.compile(", from `[^`]*`\\)");

  /** Reads the reason out of what the message converter threw. */
  public static BodyProblem of(HttpMessageNotReadableException thrown) {
    return switch (thrown.getCause()) {
      case ValueInstantiationException refused when refused.getCause() != null ->
          wrongType(refused, String.valueOf(refused.getCause().getMessage()));
      case MismatchedInputException mismatch ->
          wrongType(mismatch, "must be " + expected(mismatch.getTargetType()));
      case InputCoercionException range -> wrongType(range, range.getOriginalMessage());
      case DatabindException other -> wrongType(other, other.getOriginalMessage());
      case StreamConstraintsException limit -> new BodyProblem(false, beyond(limit));
      case JacksonException syntax ->
          new BodyProblem(
              false,
              "the body is not JSON: "
                  + SOURCE.matcher(syntax.getOriginalMessage()).replaceAll("")
                  + position(syntax));
      case null, default -> new BodyProblem(false, "the body must be a JSON object");
    };
  }

  private static String beyond(StreamConstraintsException limit) {
    return "the body is larger in its parts than what is read: "
        + CONSTRAINT.matcher(limit.getOriginalMessage()).replaceAll(")");
  }

  private static BodyProblem wrongType(JacksonException thrown, String problem) {
    return new BodyProblem(true, "`%s` %s%s".formatted(path(thrown), problem, position(thrown)));
  }

  private static String path(JacksonException thrown) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : thrown.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == Integer.class
        || type == int.class
        || type == Long.class
        || type == BigInteger.class) {
      return "an integer";
    }
    if (type == Float.class || type == Double.class) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type.isEnum()) {
      return "one of the documented values";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String position(JacksonException thrown) {
    TokenStreamLocation location = thrown.getLocation();
    return location == null || location.getLineNr() < 1
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }
}
