package dev.diptych.http.rerank;

import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.EncodingWatch;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.FakeTasks;
import dev.diptych.tasks.Ranker;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The dialects alone, with a model without weights. Not annotated as a configuration, so that no
 * other test finds it by scanning.
 */
@EnableAutoConfiguration
@ComponentScan("dev.diptych.http.rerank")
@ComponentScan(
    basePackages = "dev.diptych.http",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(StrictJson|UntilWritten)"))
class RankTestApplication {

  @Bean
  Ranker ranker() {
    return FakeTasks.ranker(
        new AnswerMemory(1 << 24, "diptych.encoding.answer-memory"), () -> {}, EncodingWatch.NONE);
  }

  @Bean
  Served<Ranker> rank(Ranker ranker) {
    Served<Ranker> served = new Served<>(Role.RANK, "org/ranker@main");
    served.become(new Served.Ready<>(ranker));
    return served;
  }

  @Bean
  ServedModels<Ranker> rankerModels(Served<Ranker> served) {
    return ServedModels.of(served);
  }
}
