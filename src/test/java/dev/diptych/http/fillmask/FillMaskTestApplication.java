package dev.diptych.http.fillmask;

import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialect alone, with a model without weights. Not annotated as a configuration, so that no
 * other test finds it by scanning.
 */
@EnableAutoConfiguration
@ComponentScan("dev.diptych.http.fillmask")
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class FillMaskTestApplication {

  static final int MAX_CONCURRENT_INPUTS = 8;
  static final long ANSWER_MEMORY = 1 << 24;

  @Bean
  MaskFiller filler(AnswerMemory memory) {
    return new MaskFiller(
        new EncoderEngine("fake", new FakeEncoder(32), MAX_CONCURRENT_INPUTS, 16384),
        new WordTokenizer(),
        new EncoderLimits(32, 8, true),
        ModelFacts.ofEncoder("fake", "float32", "cpu", 32),
        memory);
  }

  @Bean
  AnswerMemory memory() {
    return new AnswerMemory(ANSWER_MEMORY, "diptych.encoding.answer-memory");
  }

  @Bean
  Served<MaskFiller> served(MaskFiller filler) {
    Served<MaskFiller> served = new Served<>(Role.FILL_MASK, "fake");
    served.become(new Served.Ready<>(filler));
    return served;
  }

  @Bean
  ServedModels<MaskFiller> maskFillerModels(Served<MaskFiller> served) {
    return ServedModels.of(served);
  }
}
