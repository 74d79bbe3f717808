package dev.diptych.tokenization.template;

/** A piece of a template's source. */
record Token(Kind kind, String text, int line) {

  enum Kind {
    /** Text between tags. */
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    TAG_BEGIN,
    TAG_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** The token for a message. */
  String described() {
    return switch (kind) {
      case END -> "the end of the template";
      case PRINT_END, TAG_END -> "the end of the tag";
      case DATA, PRINT_BEGIN, TAG_BEGIN, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
          "'%s'".formatted(text);
    };
  }
}
