package dev.diptych.http.generate;

import dev.diptych.DiptychSettings;
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
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialect alone, with a decoder that tests step by hand. Not annotated as a configuration, so
 * that no other test finds it by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(DiptychSettings.class)
@ComponentScan({"dev.diptych.http.generate", "dev.diptych.http.streaming"})
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class GenerateTestApplication {

  private static final String TEMPLATE =
      "{% for tool in tools or [] %}(tool:{{ tool.function.name }}){% endfor %}"
          + "{% for message in messages %}({{ message.role }}){{ message.content or '' }}"
          + "{% for call in message.tool_calls or [] %}(call:{{ call.function.name }})"
          + "{% endfor %}{% endfor %}{% if add_generation_prompt %}(assistant){% endif %}";

  @Bean
  FakeDecoder decoder() {
    return new FakeDecoder(2_000);
  }

  @Bean
  Served<TextGenerator> served(FakeDecoder decoder, DiptychSettings settings) throws IOException {
    Path folder = Files.createTempDirectory("letters");
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    LetterTokenizer tokenizer = new LetterTokenizer();
    Served<TextGenerator> served = new Served<>(Role.GENERATE, "fake");
    served.become(
        new Served.Ready<>(
            new TextGenerator(
                decoder,
                tokenizer,
                Chat.read(folder, tokenizer),
                GenerationDefaults.endingWith(Set.of(LetterTokenizer.END)),
                settings.generation(),
                "fake",
                "float32",
                "cpu")));
    return served;
  }

  @Bean
  ServedModels<TextGenerator> generatorModels(Served<TextGenerator> served) {
    return ServedModels.of(served);
  }
}
