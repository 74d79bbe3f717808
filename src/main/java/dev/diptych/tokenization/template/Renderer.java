package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the statements of one rendering. */
final class Renderer {

  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private StringBuilder output = new StringBuilder();

  Renderer(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
  }

  String render(List<Statement> template, Scope scope) {
    return captured(template, scope);
  }

  /* What the statements print. */
  private String captured(List<Statement> body, Scope scope) {
    StringBuilder outer = output;
    output = new StringBuilder();
    run(body, scope);
    String text = output.toString();
    output = outer;
    return text;
  }

  private Flow run(List<Statement> body, Scope scope) {
    for (Statement statement : body) {
      budget.enter();
      Flow flow = run(statement, scope);
      budget.leave();
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope) {
    try {
      return switch (statement) {
        case Statement.Data data -> print(data.text());
        case Statement.Print print ->
            print(Printing.print(evaluator.evaluate(print.expression(), scope)));
        case Statement.If conditional -> conditional(conditional, scope);
        case Statement.For loop -> loop(loop, scope);
        case Statement.Assign assign ->
            assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
        case Statement.Capture capture -> capture(capture, scope);
        case Statement.FilterBlock block ->
            print(Printing.print(filtered(block.filtered(), block.body(), scope)));
        case Statement.MacroDefinition definition -> {
          scope.set(definition.macro().name(), macro(definition.macro(), scope));
          yield Flow.NEXT;
        }
        case Statement.CallBlock block -> call(block, scope);
        case Statement.With with -> with(with, scope);
        case Statement.Marked marked -> run(marked.body(), scope);
        case Statement.Break b -> Flow.BREAK;
        case Statement.Continue c -> Flow.CONTINUE;
      };
    } catch (TemplateFailed failure) {
      throw failure.at(statement.line());
    }
  }

  private Flow print(String text) {
    budget.spend(text.length());
    Budget.requireText((long) output.length() + text.length());
    output.append(text);
    return Flow.NEXT;
  }

  private Flow conditional(Statement.If conditional, Scope scope) {
    for (Statement.If.Branch branch : conditional.branches()) {
      if (evaluator.isTrue(branch.condition(), scope)) {
        return run(branch.body(), scope);
      }
    }
    return run(conditional.otherwise(), scope);
  }

  private Flow loop(Statement.For loop, Scope scope) {
    List<Value> items = items(loop, scope);
    if (items.isEmpty()) {
      return run(loop.otherwise(), new Scope(scope));
    }
    Loop state = new Loop(items);
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      state.moveTo(i);
      Scope iteration = new Scope(scope);
      iteration.set("loop", new Value.LoopVariable(state));
      assign(loop.target(), items.get(i), iteration);
      if (run(loop.body(), iteration) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private List<Value> items(Statement.For loop, Scope scope) {
    List<Value> all = Access.iterate(evaluator.evaluate(loop.iterable(), scope));
    Expression condition = loop.condition();
    if (condition == null) {
      return all;
    }
    List<Value> chosen = new ArrayList<>();
    for (Value item : all) {
      Scope test = new Scope(scope);
      assign(loop.target(), item, test);
      if (evaluator.isTrue(condition, test)) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  private Flow assign(Statement.Target target, Value value, Scope scope) {
    switch (target) {
      case Statement.Target.Variable variable -> scope.set(variable.name(), value);
      case Statement.Target.Attribute attribute -> {
        if (!(scope.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
          throw new TemplateFailed(
              "'%s' is no namespace, its attributes cannot be set"
                  .formatted(attribute.namespace()));
        }
        namespace.attributes().put(attribute.name(), value);
      }
      case Statement.Target.Unpack unpack -> {
        List<Value> items = Access.iterate(value);
        if (items.size() != unpack.targets().size()) {
          throw new TemplateFailed(
              "%d values for %d names".formatted(items.size(), unpack.targets().size()));
        }
        for (int i = 0; i < items.size(); i++) {
          assign(unpack.targets().get(i), items.get(i), scope);
        }
      }
    }
    return Flow.NEXT;
  }

  private Flow capture(Statement.Capture capture, Scope scope) {
    return assign(capture.target(), filtered(capture.filtered(), capture.body(), scope), scope);
  }

  private Value filtered(Expression filters, List<Statement> body, Scope scope) {
    Scope inner = new Scope(scope);
    String text = captured(body, inner);
    inner.set("", Value.of(text));
    return evaluator.evaluate(filters, inner);
  }

  private Flow with(Statement.With with, Scope scope) {
    Scope inner = new Scope(scope);
    for (Statement.Assign assign : with.assignments()) {
      assign(assign.target(), evaluator.evaluate(assign.value(), scope), inner);
    }
    return run(with.body(), inner);
  }

  private Flow call(Statement.CallBlock block, Scope scope) {
    Value callee = evaluator.evaluate(block.call().callee(), scope);
    Arguments given = evaluator.arguments(block.call().arguments(), scope);
    Map<String, Value> named = new LinkedHashMap<>(given.named());
    named.put("caller", macro(block.caller(), scope));
    return print(Printing.print(evaluator.call(callee, new Arguments(given.positional(), named))));
  }

  private Value macro(Statement.Macro macro, Scope scope) {
    return new Value.Callable(macro.name(), arguments -> expand(macro, arguments, scope));
  }

  private Value expand(Statement.Macro macro, Arguments arguments, Scope defined) {
    Scope inner = new Scope(defined);
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    Value caller = named.remove("caller");
    if (caller != null) {
      inner.set("caller", caller);
    }
    String[] names =
        macro.parameters().stream().map(Statement.Macro.Parameter::name).toArray(String[]::new);
    Arguments.Bound bound =
        new Arguments(arguments.positional(), named)
            .bind("the macro '%s'".formatted(macro.name()), 0, names);
    for (int i = 0; i < names.length; i++) {
      inner.set(names[i], argument(macro.parameters().get(i), bound, i, inner));
    }
    budget.enterCall();
    String text = captured(macro.body(), inner);
    budget.leaveCall();
    return Value.of(text);
  }

  private Value argument(
      Statement.Macro.Parameter parameter, Arguments.Bound bound, int index, Scope scope) {
    if (bound.has(index)) {
      return bound.value(index);
    }
    Expression otherwise = parameter.otherwise();
    return otherwise == null
        ? new Value.Undefined("parameter '%s' was not provided".formatted(parameter.name()))
        : evaluator.evaluate(otherwise, scope);
  }
}
