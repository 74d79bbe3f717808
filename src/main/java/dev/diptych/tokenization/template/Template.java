package dev.diptych.tokenization.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed Jinja template. Safe for use from any number of threads.
 *
 * <p>The dialect is that of chat templates: what transformers sets up (blocks trimmed, {@code
 * raise_exception}, {@code strftime_now}, {@code tojson} as {@code json.dumps}, loop controls,
 * {@code generation} blocks). A construct that is not supported is refused.
 */
public final class Template {

  /** Longest source, in UTF-16 units. */
  public static final int MAX_SOURCE = 1_000_000;

  private final List<Statement> statements;

  private Template(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws InvalidTemplate if it is too long, broken or uses what is not supported
   */
  public static Template parse(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new InvalidTemplate(
          "%d characters, more than the limit of %d".formatted(source.length(), MAX_SOURCE), 1);
    }
    return new Template(new StatementParser(new TokenStream(Lexer.tokens(source))).template());
  }

  /**
   * Renders the template within a budget of steps, depth and memory.
   *
   * @param variables texts, numbers, booleans, null, lists, maps and JSON nodes by name
   * @param clock what {@code strftime_now} reads
   * @throws TemplateFailed if the variables do not fit the template or the budget is exceeded
   * @throws RejectedByTemplate if the template refuses its input
   */
  public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    Scope globals = new Scope(null);
    Globals.define(globals, clock);
    Scope scope = new Scope(globals);
    variables.forEach((name, value) -> scope.set(name, JavaValues.toValue(value)));
    return new Renderer(new Budget()).render(statements, scope);
  }
}
