package dev.diptych;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells whoever does things in another way on another platform which one this is. */
@Configuration(proxyBeanMethods = false)
public class PlatformConfiguration {

  @Bean
  Platform platform() {
    return Platform.current();
  }
}
