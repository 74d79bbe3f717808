package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SourceConfigurationTests {

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DiptychSettings.class)
  @Import(SourceConfiguration.class)
  static class Service {}

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withUserConfiguration(Service.class);

  @Test
  void buildsTheStoreFromTheDefaults() {
    service.run(
        context -> {
          assertThat(context).hasSingleBean(ModelStore.class);
          DiptychSettings.Models models = context.getBean(DiptychSettings.class).models();
          assertThat(models.store()).isEqualTo(Path.of("models"));
          assertThat(models.catalog()).isEqualTo(Path.of("models/catalog.yml"));
        });
  }

  @Test
  void honoursTheVariablesOfHuggingFace() {
    service
        .withPropertyValues(
            "HF_ENDPOINT=https://mirror.example",
            "HF_TOKEN=hf_secret",
            "HF_HOME=/data/hf",
            "HF_HUB_OFFLINE=1")
        .run(
            context -> {
              DiptychSettings.Models models = context.getBean(DiptychSettings.class).models();
              assertThat(models.hubEndpoint()).isEqualTo("https://mirror.example");
              assertThat(models.hubToken()).isEqualTo("hf_secret");
              assertThat(models.hubCache()).isEqualTo(Path.of("/data/hf/hub"));
              assertThat(models.offline()).isTrue();
            });
  }

  @Test
  void aSettingOfItsOwnGoesBeforeTheVariable() {
    service
        .withPropertyValues(
            "HF_HUB_CACHE=/data/hub", "diptych.models.hub-endpoint=https://own.example")
        .run(
            context -> {
              DiptychSettings.Models models = context.getBean(DiptychSettings.class).models();
              assertThat(models.hubEndpoint()).isEqualTo("https://own.example");
              assertThat(models.hubCache()).isEqualTo(Path.of("/data/hub"));
            });
  }

  @Test
  void refusesAnEndpointThatIsNoAddress() {
    service
        .withPropertyValues("diptych.models.hub-endpoint=ftp://files.example")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("diptych.models.hub-endpoint must be an http(s)"));
  }
}
