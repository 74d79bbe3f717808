package dev.diptych.http.service;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The API description: its texts, its field names, and the second address where peers have it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
class OpenApiConfiguration implements WebMvcConfigurer {

  @Bean
  OpenAPI description(ServiceVersion version) {
    return new OpenAPI()
        .info(
            new Info()
                .title("Diptych")
                .version(version.number())
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0"))
                .description(
                    """
                    Both halves of the Transformer behind one address.

                    **The decoder** reads from left to right. Each token sees only what stands \
                    before it, so the model can be asked again and again what comes next: \
                    `/generate` continues a text, one token after the other, and \
                    `/v1/chat/completions` answers a conversation.

                    **The encoder** looks both ways. Each token sees the whole text, so it knows \
                    what a word means where it stands: `/fill-mask` says which words fit a gap, \
                    `/embed` turns a text into a vector whose neighbours mean something similar, \
                    and encoders that were trained for it rank, classify, tag and find answers.

                    **Both** can decide: `/compare` asks the two halves the same questions.
                    """));
  }

  /** Schemas with the names that are on the wire. */
  @Bean
  ModelResolver wireSchemas(ObjectMapperProvider provider) {
    return new WireSchemas(
        provider
            .jsonMapper()
            .copy()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
  }

  @Override
  public void addViewControllers(ViewControllerRegistry registry) {
    registry.addViewController("/api-doc/openapi.json").setViewName("forward:/v3/api-docs");
    registry.addRedirectViewController("/docs/", "/docs");
  }
}
