package dev.diptych.http.streaming;

import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Lets controllers return an {@link EventStream}. */
@Configuration(proxyBeanMethods = false)
class StreamingConfiguration {

  @Bean
  ServerHttpMessageConvertersCustomizer eventStreams(JsonMapper mapper) {
    return converters -> converters.addCustomConverter(new EventStreamMessageConverter(mapper));
  }
}
