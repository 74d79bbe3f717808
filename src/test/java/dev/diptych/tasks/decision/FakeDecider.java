package dev.diptych.tasks.decision;

import dev.diptych.DiptychSettings;
import dev.diptych.DiptychSettings.Decisions.Half;
import dev.diptych.chat.Chat;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A decoder without weights that can be talked to, and decides. */
public final class FakeDecider {

  /** One token for each letter; yes and no are single tokens, with a capital letter or without. */
  public static final class Words extends LetterTokenizer {

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
      return super.encode(
          text.replace('\n', '`')
              .replace("Yes", "{")
              .replace("yes", "|")
              .replace("No", "}")
              .replace("no", "~"),
          addSpecialTokens);
    }
  }

  private static final String TEMPLATE =
      "{%- for message in messages -%}[{{ message.role }}]{{ message.content }}{%- endfor -%}"
          + "{%- if add_generation_prompt -%}[assistant]{%- endif -%}";

  private FakeDecider() {}

  /** A generator over a decoder. */
  public static TextGenerator generator(FakeDecoder decoder, int maxConcurrentRequests)
      throws IOException {
    Path folder = Files.createTempDirectory("words");
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    Words tokenizer = new Words();
    DiptychSettings settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "diptych.generation.max-concurrent-requests",
                        String.valueOf(maxConcurrentRequests))))
            .bindOrCreate("diptych", DiptychSettings.class);
    return new TextGenerator(
        decoder,
        tokenizer,
        Chat.read(folder, tokenizer),
        GenerationDefaults.endingWith(Set.of(LetterTokenizer.END)),
        settings.generation(),
        "words",
        "float32",
        "cpu");
  }

  /** What {@link #generator} reads. */
  public static int[] prompt(String user) {
    return new Words().encode("[user]" + user + "[assistant]", false);
  }

  /** All that can decide with one decoder. */
  public static Deciders deciders(TextGenerator generator, DecisionLimits limits) {
    Served<TextGenerator> served = new Served<>(Role.GENERATE, "org/words@main");
    served.become(new Served.Ready<>(generator));
    return new Deciders(
        ServedModels.of(served),
        new ServedModels<>(Role.CLASSIFY, List.of()),
        new ServedModels<>(Role.FILL_MASK, List.of()),
        new ServedModels<>(Role.EMBED, List.of()),
        Half.DECODER,
        limits);
  }
}
