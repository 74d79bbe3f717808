package dev.diptych.tasks;

import dev.diptych.InvalidInput;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence with a place for a label, in Python's notation: {@code {}} or {@code {0}} is the
 * place, doubled braces are braces.
 */
public final class HypothesisTemplate {

  /** Most characters of one. */
  public static final int MAX_CHARACTERS = 1000;

  private static final Pattern PARTS = Pattern.compile("\\{\\{|}}|\\{[^{}]*}|[{}]");

  /** What is asked unless a request says. */
  public static final HypothesisTemplate DEFAULT = new HypothesisTemplate("This example is {}.");

  private final String template;

  /**
   * @throws InvalidInput if it has no place for a label, or something else in braces
   */
  public HypothesisTemplate(String template) {
    if (template.length() > MAX_CHARACTERS) {
      throw new InvalidInput(
          "`hypothesis_template` must have at most %d characters. Given: %d"
              .formatted(MAX_CHARACTERS, template.length()));
    }
    this.template = template;
    int next = 0;
    int numbered = 0;
    Matcher parts = PARTS.matcher(template);
    while (parts.find()) {
      switch (parts.group()) {
        case "{{", "}}" -> {}
        case "{}" -> next++;
        case "{0}" -> numbered++;
        default ->
            throw new InvalidInput(
                "`hypothesis_template` has \"%s\", where only {} may stand for the label, and {{"
                        .formatted(parts.group())
                    + " and }} for braces");
      }
    }
    if (next + numbered == 0 || next > 1 || (next > 0 && numbered > 0)) {
      throw new InvalidInput(
          "`hypothesis_template` must have one {} for the label, or any number of {0}. Given: %d"
              .formatted(next + numbered));
    }
  }

  /** The sentence with a label. */
  String with(String label) {
    return PARTS
        .matcher(template)
        .replaceAll(
            part ->
                switch (part.group()) {
                  case "{{" -> "{";
                  case "}}" -> "}";
                  default -> Matcher.quoteReplacement(label);
                });
  }
}
