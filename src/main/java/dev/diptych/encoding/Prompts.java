package dev.diptych.encoding;

import dev.diptych.InvalidInput;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a model wants before its inputs, as sentence-transformers' {@code
 * config_sentence_transformers.json} names them.
 *
 * @param byName each prompt under its name
 * @param defaultName the one used when a request names none; null for no prompt
 * @param pooled whether a prompt's tokens are part of what is pooled
 */
public record Prompts(Map<String, String> byName, @Nullable String defaultName, boolean pooled) {

  /** For models without prompts. */
  public static final Prompts NONE = new Prompts(Map.of(), null);

  /** Prompts that are pooled like all else. */
  public Prompts(Map<String, String> byName, @Nullable String defaultName) {
    this(byName, defaultName, true);
  }

  public Prompts {
    byName = Map.copyOf(byName);
  }

  /** The prompt to put before an input; null for none. */
  @Nullable String prompt(@Nullable String requested) {
    String name = requested == null ? defaultName : requested;
    if (name == null) {
      return null;
    }
    String prompt = byName.get(name);
    if (prompt == null) {
      throw new InvalidInput(
          byName.isEmpty()
              ? "`prompt_name` is `%s`, but the model has no prompts".formatted(name)
              : "`prompt_name` is `%s`, but the model's prompts are %s"
                  .formatted(name, new TreeSet<>(byName.keySet())));
    }
    return prompt;
  }
}
