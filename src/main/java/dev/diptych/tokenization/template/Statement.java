package dev.diptych.tokenization.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of a template. */
sealed interface Statement {

  /** Line of the source, from 1. */
  int line();

  record Data(String text, int line) implements Statement {}

  record Print(Expression expression, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {

    record Branch(Expression condition, List<Statement> body) {}
  }

  record For(
      Target target,
      Expression iterable,
      @Nullable Expression condition,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Assign(Target target, Expression value, int line) implements Statement {}

  /** {@code set} with a body; the filters are applied to {@link #CAPTURED}. */
  record Capture(Target target, Expression filtered, List<Statement> body, int line)
      implements Statement {}

  record FilterBlock(Expression filtered, List<Statement> body, int line) implements Statement {}

  record MacroDefinition(Macro macro, int line) implements Statement {}

  /** {@code call}: the body is what the called macro sees as {@code caller}. */
  record CallBlock(Expression.Call call, Macro caller, int line) implements Statement {}

  record With(List<Assign> assignments, List<Statement> body, int line) implements Statement {}

  /** A block that only marks its text, such as {@code generation}. */
  record Marked(List<Statement> body, int line) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  record Macro(String name, List<Parameter> parameters, List<Statement> body) {

    record Parameter(String name, @Nullable Expression otherwise) {}
  }

  /** What is assigned to. */
  sealed interface Target {

    record Variable(String name) implements Target {}

    record Attribute(String namespace, String name) implements Target {}

    record Unpack(List<Target> targets) implements Target {}
  }

  /** The name under which a block's text stands in its filter expression. */
  Expression CAPTURED = new Expression.Name("");
}
