package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A value of the template language, with Python's semantics. */
sealed interface Value {

  static Value of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  static Value of(long value) {
    return new Int(value);
  }

  static Value of(String value) {
    return new Text(value);
  }

  static Value list(List<? extends Value> items) {
    return new Sequence(Sequence.Kind.LIST, new ArrayList<>(items));
  }

  static Value tuple(List<? extends Value> items) {
    return new Sequence(Sequence.Kind.TUPLE, new ArrayList<>(items));
  }

  /** What a missing name, attribute or item gives: prints as nothing, fails when used. */
  record Undefined(String message) implements Value {}

  record None() implements Value {

    static final None NONE = new None();
  }

  record Bool(boolean value) implements Value {

    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);
  }

  record Int(long value) implements Value {}

  record Real(double value) implements Value {}

  record Text(String value) implements Value {}

  /** Items in order; only a list is ever changed. */
  record Sequence(Kind kind, List<Value> items) implements Value {

    enum Kind {
      LIST("list"),
      TUPLE("tuple"),
      RANGE("range"),
      KEYS("dict_keys"),
      VALUES("dict_values"),
      ITEMS("dict_items");

      private final String typeName;

      Kind(String typeName) {
        this.typeName = typeName;
      }

      String typeName() {
        return typeName;
      }

      boolean isIndexable() {
        return this == LIST || this == TUPLE || this == RANGE;
      }
    }
  }

  /** What filters such as {@code map} give: always true, without length, gone once it was read. */
  record Generator(List<Value> rest) implements Value {

    List<Value> take() {
      List<Value> items = List.copyOf(rest);
      rest.clear();
      return items;
    }
  }

  /** Entries in the order in which they came; keys are texts, numbers, booleans or none. */
  record Dict(Map<Value, Value> entries) implements Value {

    static Value key(Value key) {
      return switch (key) {
        case Text text -> text;
        case Int number -> number;
        case Real number -> number;
        case Bool bool -> bool;
        case None none -> none;
        default -> throw new TemplateFailed("a %s as key".formatted(key.typeName()));
      };
    }
  }

  /** What {@code namespace()} makes: the only thing whose attributes can be set. */
  record Namespace(Map<String, Value> attributes) implements Value {}

  /** The {@code loop} variable. */
  record LoopVariable(Loop loop) implements Value {}

  /** A function, macro or method. */
  record Callable(String name, Body body) implements Value {

    @FunctionalInterface
    interface Body {
      Value call(Arguments arguments);
    }
  }

  /** The type's name in Python, for messages. */
  default String typeName() {
    return switch (this) {
      case Undefined u -> "undefined";
      case None n -> "NoneType";
      case Bool b -> "bool";
      case Int i -> "int";
      case Real r -> "float";
      case Text t -> "str";
      case Sequence s -> s.kind().typeName();
      case Generator g -> "generator";
      case Dict d -> "dict";
      case Namespace n -> "namespace";
      case LoopVariable l -> "loop";
      case Callable c -> "function";
    };
  }
}
