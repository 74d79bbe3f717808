package dev.diptych.http.openai;

import dev.diptych.DiptychSettings;
import dev.diptych.chat.Chat;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.LetterTokenizer;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.DecisionLimits;
import dev.diptych.tasks.decision.FakeDecider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialect alone, with models without weights. Not annotated as a configuration, so that no
 * other test finds it by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(DiptychSettings.class)
@ComponentScan({"dev.diptych.http.openai", "dev.diptych.http.streaming"})
@ComponentScan(
    basePackages = "dev.diptych.http.connection",
    excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*Test.*"))
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class OpenAiTestApplication {

  static final int CONTEXT = 2_000;
  static final int MAX_CONCURRENT_INPUTS = 64;

  @Bean
  Deciders deciders() throws IOException {
    return FakeDecider.deciders(
        FakeDecider.generator(new FakeDecoder(CONTEXT), 2), new DecisionLimits(2, 8, 10_000));
  }

  @Bean
  FakeDecoder decoder() {
    return new FakeDecoder(CONTEXT);
  }

  /** Writes each message as {@code [role]content}. */
  static String rendered(String... rolesAndContents) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rolesAndContents.length; i += 2) {
      text.append('[').append(rolesAndContents[i]).append(']').append(rolesAndContents[i + 1]);
    }
    return text.append("[assistant]").toString();
  }

  private static final String TEMPLATE =
      """
      {%- if tools -%}
      [tools]{% for tool in tools %}{{ tool.function.name }}{{ tool.function.parameters }}{% endfor %}
      {%- endif -%}
      {%- for message in messages -%}
      [{{ message.role }}]{{ message.content or '' }}
      {%- for call in message.tool_calls or [] -%}
      <tool_call>{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments }}}</tool_call>
      {%- endfor -%}
      {%- endfor -%}
      {%- if add_generation_prompt -%}[assistant]{%- endif -%}
      """;

  @Bean
  Served<TextGenerator> generator(FakeDecoder decoder, DiptychSettings settings)
      throws IOException {
    Path folder = Files.createTempDirectory("letters");
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE.strip());
    LineTokenizer tokenizer = new LineTokenizer();
    Served<TextGenerator> served = new Served<>(Role.GENERATE, "org/letters@main");
    served.become(
        new Served.Ready<>(
            new TextGenerator(
                decoder,
                tokenizer,
                Chat.read(folder, tokenizer),
                GenerationDefaults.endingWith(Set.of(LetterTokenizer.END)),
                settings.generation(),
                "letters",
                "float32",
                "cpu")));
    return served;
  }

  @Bean
  Embedder embedder() {
    return new Embedder(
        new EncoderEngine("words", new FakeEncoder(256, _ -> {}), MAX_CONCURRENT_INPUTS, 16384),
        new WordTokenizer(),
        SentenceVectors.of(Pooling.MEAN),
        new EncoderLimits(256, 32, true),
        Prompts.NONE,
        ModelFacts.ofEncoder("words", "float32", "cpu", 256),
        new AnswerMemory(1 << 19, "diptych.encoding.answer-memory"));
  }

  @Bean
  Served<Embedder> embeddings(Embedder embedder) {
    Served<Embedder> served = new Served<>(Role.EMBED, "words");
    served.become(new Served.Ready<>(embedder));
    return served;
  }

  @Bean
  Served<MaskFiller> masks() {
    return new Served<>(Role.FILL_MASK, "gaps");
  }

  @Bean
  ServedModels<TextGenerator> generatorModels(Served<TextGenerator> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<Embedder> embedderModels(Served<Embedder> served) {
    return ServedModels.of(served);
  }

  @Bean
  ServedModels<MaskFiller> maskFillerModels(Served<MaskFiller> served) {
    return ServedModels.of(served);
  }
}
