package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.PlatformConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SourceConfigurationTests {

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DiptychSettings.class)
  @Import({SourceConfiguration.class, PlatformConfiguration.class})
  static class Service {}

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withInitializer(context -> HuggingFaceVariables.addTo(context.getEnvironment()))
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

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "on, true",
    "Yes, true",
    "TRUE, true",
    "0, false",
    "'', false",
    "no, false"
  })
  void readsTruthAsHuggingFaceDoes(String value, boolean offline) {
    service
        .withPropertyValues("TRANSFORMERS_OFFLINE=" + value, "HF_HUB_OFFLINE=")
        .run(context -> assertThat(models(context).offline()).isEqualTo(offline));
  }

  @Test
  void takesAnEmptyVariableForOneThatIsNotSet() {
    service
        .withPropertyValues(
            "HF_ENDPOINT=",
            "HF_TOKEN=",
            "HUGGING_FACE_HUB_TOKEN=hf_older",
            "HF_HOME=",
            "HF_HUB_CACHE=",
            "HUGGINGFACE_HUB_CACHE=",
            "TRANSFORMERS_CACHE=",
            "HF_HUB_OFFLINE=",
            "XDG_CACHE_HOME=/xdg")
        .run(
            context -> {
              assertThat(models(context).hubEndpoint()).isEqualTo("https://huggingface.co");
              assertThat(models(context).hubToken()).isEqualTo("hf_older");
              assertThat(models(context).hubCache()).isEqualTo(Path.of("/xdg/huggingface/hub"));
              assertThat(models(context).offline()).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, ~/hub, /home/me/hub",
    "HUGGINGFACE_HUB_CACHE, /old, /old",
    "TRANSFORMERS_CACHE, /older, /older",
    "HF_HOME, ~, /home/me/hub",
    "XDG_CACHE_HOME, ~/x, /home/me/x/huggingface/hub",
    "OTHER, x, /home/me/.cache/huggingface/hub"
  })
  void findsTheCacheByAnyOfItsNames(String variable, String value, Path cache) {
    service
        .withPropertyValues(variable + "=" + value, "user.home=/home/me")
        .run(context -> assertThat(models(context).hubCache()).isEqualTo(cache));
  }

  @Test
  void takesTheTokenThatALoginHasLeft(@TempDir Path home) throws IOException {
    Files.writeString(home.resolve("token"), "hf_login\n");
    Files.writeString(home.resolve("other"), "hf_other");

    service
        .withPropertyValues("HF_HOME=" + home)
        .run(context -> assertThat(models(context).hubToken()).isEqualTo("hf_login"));
    service
        .withPropertyValues("HF_TOKEN_PATH=" + home.resolve("other"))
        .run(context -> assertThat(models(context).hubToken()).isEqualTo("hf_other"));
    service
        .withPropertyValues(
            "HF_HOME=" + home, "HF_TOKEN=hf_variable", "HF_HUB_DISABLE_IMPLICIT_TOKEN=1")
        .run(context -> assertThat(models(context).hubToken()).isNullOrEmpty());
  }

  @Test
  void keepsATokenOutOfTheMessageThatRefusesIt() {
    service
        .withPropertyValues("diptych.models.hub-token=hf_a b")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("diptych.models.hub-token has characters")
                    .satisfies(e -> assertThat(e).rootCause().hasMessageNotContaining("hf_a")));
  }

  private static DiptychSettings.Models models(ApplicationContext context) {
    return context.getBean(DiptychSettings.class).models();
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
