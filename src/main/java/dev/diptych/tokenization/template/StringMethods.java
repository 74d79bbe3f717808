package dev.diptych.tokenization.template;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of strings. */
final class StringMethods {

  private StringMethods() {}

  static Value method(String text, String name) {
    Value.Callable.Body body =
        switch (name) {
          case "strip" -> arguments -> strip(text, arguments, true, true);
          case "lstrip" -> arguments -> strip(text, arguments, true, false);
          case "rstrip" -> arguments -> strip(text, arguments, false, true);
          case "split" -> arguments -> split(text, arguments);
          case "rsplit" -> arguments -> splitFromEnd(text, arguments);
          case "splitlines" -> plain(() -> Value.list(PythonStrings.lines(text)));
          case "startswith" -> arguments -> anyOf(text, arguments, String::startsWith);
          case "endswith" -> arguments -> anyOf(text, arguments, String::endsWith);
          case "replace" -> arguments -> replace(text, arguments);
          case "upper" -> changed(text, t -> t.toUpperCase(Locale.ROOT));
          case "lower" -> changed(text, t -> t.toLowerCase(Locale.ROOT));
          case "title" -> changed(text, PythonStrings::title);
          case "capitalize" -> changed(text, PythonStrings::capitalize);
          case "removeprefix" ->
              arguments -> {
                String prefix = arguments.bind(name, 1, "prefix").text(0);
                return Value.of(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
              };
          case "removesuffix" ->
              arguments -> {
                String suffix = arguments.bind(name, 1, "suffix").text(0);
                return Value.of(
                    text.endsWith(suffix)
                        ? text.substring(0, text.length() - suffix.length())
                        : text);
              };
          case "find" -> arguments -> position(text, text.indexOf(part(arguments)));
          case "rfind" -> arguments -> position(text, text.lastIndexOf(part(arguments)));
          case "index" -> arguments -> index(text, part(arguments));
          case "count" -> arguments -> count(text, part(arguments));
          case "join" ->
              arguments -> SequenceFilters.join(text, arguments.bind(name, 1, "iterable"));
          case "isdigit", "isnumeric", "isdecimal" -> all(text, Character::isDigit);
          case "isalpha" -> all(text, Character::isLetter);
          case "isalnum" -> all(text, Character::isLetterOrDigit);
          case "isspace" -> all(text, PythonStrings::isSpace);
          case "isupper" -> plain(() -> Value.of(isUpper(text)));
          case "islower" -> plain(() -> Value.of(isLower(text)));
          default -> null;
        };
    return body == null ? Access.missing(Value.of(text), name) : new Value.Callable(name, body);
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(Character::isLowerCase);
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(Character::isUpperCase);
  }

  private interface Answer {
    Value get();
  }

  private static Value.Callable.Body plain(Answer answer) {
    return arguments -> {
      arguments.bind("the method", 0);
      return answer.get();
    };
  }

  private static Value.Callable.Body changed(String text, UnaryOperator<String> change) {
    return plain(() -> Value.of(change.apply(text)));
  }

  private static Value.Callable.Body all(String text, IntPredicate test) {
    return plain(() -> Value.of(!text.isEmpty() && text.codePoints().allMatch(test)));
  }

  private static Value strip(String text, Arguments arguments, boolean left, boolean right) {
    String characters = arguments.bind("strip", 0, "chars").textOrNull(0);
    return Value.of(PythonStrings.strip(text, characters, left, right));
  }

  private static Value split(String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
    return Value.list(PythonStrings.split(text, bound.textOrNull(0), bound.number(1, -1)));
  }

  private static Value splitFromEnd(String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", 1, "sep", "maxsplit");
    return Value.list(PythonStrings.splitFromEnd(text, bound.text(0), bound.number(1, -1)));
  }

  private static Value anyOf(
      String text, Arguments arguments, BiFunction<String, String, Boolean> test) {
    Value wanted = arguments.bind("startswith or endswith", 1, "affix").value(0);
    List<Value> affixes =
        wanted instanceof Value.Sequence sequence && sequence.kind() == Value.Sequence.Kind.TUPLE
            ? sequence.items()
            : List.of(wanted);
    for (Value affix : affixes) {
      if (!(affix instanceof Value.Text part)) {
        throw new TemplateFailed(
            "startswith and endswith need strings, not %s".formatted(affix.typeName()));
      }
      if (test.apply(text, part.value())) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }

  private static Value replace(String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    return Value.of(PythonStrings.replace(text, bound.text(0), bound.text(1), bound.number(2, -1)));
  }

  private static String part(Arguments arguments) {
    return arguments.bind("a search", 1, "sub").text(0);
  }

  private static Value position(String text, int unit) {
    return Value.of(unit < 0 ? -1 : text.codePointCount(0, unit));
  }

  private static Value index(String text, String part) {
    if (!text.contains(part)) {
      throw new TemplateFailed("substring not found");
    }
    return position(text, text.indexOf(part));
  }

  private static Value count(String text, String part) {
    return Value.of(
        part.isEmpty() ? PythonStrings.length(text) + 1 : PythonStrings.occurrences(text, part));
  }
}
