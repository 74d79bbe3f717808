package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Embedder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.NamedModel;
import dev.diptych.model.Role;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.Ranker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class NamedModelsTests {

  private static final String PREFIX = "diptych.models.";

  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final Map<String, Object> variables = new LinkedHashMap<>();

  @Test
  void namesAreReadWithWhatStandsBelowThem() {
    set("generate", "");
    set("qwen.source", "Qwen/Qwen2.5-0.5B");
    set("qwen.tasks", "generate, embed");
    set("qwen.precision", "float32");
    set("qwen.backend", "pytorch");
    set("qwen.alias", "small,default");
    set("[bge-v1.5].source", "/models/bge");
    set("[bge-v1.5].tasks[0]", "embed");

    assertThat(read())
        .containsExactlyInAnyOrder(
            new NamedModel(
                "qwen",
                List.of("small", "default"),
                "Qwen/Qwen2.5-0.5B",
                Set.of(Role.GENERATE, Role.EMBED),
                false,
                "float32",
                "pytorch"),
            new NamedModel(
                "bge-v1.5", List.of(), "/models/bge", Set.of(Role.EMBED), false, "auto", "auto"));
  }

  @Test
  void aModelWithoutTasksDoesWhatItsHeadCanAndIsComputedLikeTheOthers() {
    set("precision", "int8");
    set("backend", "machine-code");
    set("bert.source", "bert-base-uncased");

    assertThat(read())
        .containsExactly(
            new NamedModel(
                "bert", List.of(), "bert-base-uncased", Set.of(), true, "int8", "machine-code"));
  }

  @Test
  void environmentVariablesNameModelsAndSettingsRemainSettings() {
    variables.put("DIPTYCH_MODELS_QWEN_SOURCE", "org/qwen");
    variables.put("DIPTYCH_MODELS_QWEN_TASKS", "generate");
    variables.put("DIPTYCH_MODELS_KEEP_PREPARED", "false");
    variables.put("DIPTYCH_MODELS_FILL_MASK", "bert");
    variables.put("DIPTYCH_MODELS_HUBCACHE", "/cache");
    variables.put("DIPTYCH_MODELS_STORE", "/models");

    assertThat(read())
        .containsExactly(
            new NamedModel(
                "qwen", List.of(), "org/qwen", Set.of(Role.GENERATE), false, "auto", "auto"));
  }

  @Test
  void anEnvironmentVariableChangesWhatAFileSays() {
    set("my-qwen.source", "org/qwen");
    set("my-qwen.tasks", "generate");
    variables.put("DIPTYCH_MODELS_MYQWEN_PRECISION", "float32");

    assertThat(read())
        .containsExactly(
            new NamedModel(
                "my-qwen", List.of(), "org/qwen", Set.of(Role.GENERATE), false, "float32", "auto"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          qwen.precision      | fp16     | diptych.models.qwen.precision | must be one of auto, float32, float16, bfloat16, int8
          qwen.backend        | torch    | diptych.models.qwen.backend   | must be one of auto, pytorch, machine-code
          qwen.tasks          | generate,sing | diptych.models.qwen.tasks | sing is none of generate, fill-mask, embed, embed-sparse, classify, rank, tag, answer
          qwen.source         | ''       | diptych.models.qwen.source    | it is missing
          qwen.sources        | org/b    | diptych.models.qwen.sources   | a model has source, tasks, precision, backend and alias
          qwen.source.file    | org/b    | diptych.models.qwen.source.file | a model has source
          qwen.alias          | a b      | diptych.models.qwen.alias     | a name has up to 128 letters
          qwen.alias          | qwen     | diptych.models.qwen.alias     | qwen is called qwen already
          other.alias         | x        | diptych.models.other.source   | it is missing
          generate.source     | org/b    | diptych.models.generate.source | no model can be called generate, as a setting is
          fill-mask.tasks     | embed    | diptych.models.fill-mask.tasks | no model can be called fill-mask, as a setting is
          stoer               | models   | diptych.models.stoer          | there is no such setting
          """)
  void whatCannotBeStopsTheStartAndIsNamed(
      String key, String value, String property, String reason) {
    set("qwen.source", "org/a");
    set(key, value);

    assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
        .isThrownBy(this::read)
        .satisfies(
            failure -> {
              assertThat(failure.getName()).isEqualTo(property);
              assertThat(failure.getReason()).contains(reason);
            });
  }

  @Test
  void aNameOfTwoModelsIsRefused() {
    set("a.source", "org/a");
    set("b.source", "org/b");
    set("b.alias", "a");

    assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
        .isThrownBy(this::read)
        .withMessageContaining("already");
  }

  @Test
  void theDefaultOfARoleMayBeANameOrAnAlias() {
    set("generate", "small");
    set("fill-mask", "");
    set("embed", "bert");
    set("bert.source", "bert-base-uncased");
    set("bert.tasks", "fill-mask");
    set("qwen.source", "org/qwen");
    set("qwen.tasks", "generate");
    set("qwen.alias", "small");
    set("other.source", "org/other");
    set("other.tasks", "generate");

    ModelDirectory directory = directory();

    assertThat(directory.models()).hasSize(3);
    ServedModels<TextGenerator> generators = directory.served(Role.GENERATE);
    assertThat(generators.first().name()).isEqualTo("qwen");
    assertThat(generators.named("small").name()).isEqualTo("qwen");
    assertThat(names(generators)).containsExactlyInAnyOrder("qwen", "other");
    assertThat(names(directory.served(Role.EMBED))).containsExactly("bert");
    assertThat(names(directory.served(Role.FILL_MASK))).containsExactly("bert");
  }

  @Test
  void aSourceThatIsComputedAlikeIsOneModel() {
    set("generate", "");
    set("fill-mask", "org/bert");
    set("embed", "org/bert");
    set("one.source", "org/bert");
    set("one.tasks", "fill-mask");
    set("two.source", "org/bert");
    set("two.tasks", "embed");
    set("exact.source", "org/bert");
    set("exact.tasks", "embed");
    set("exact.precision", "float32");

    ModelDirectory directory = directory();

    assertThat(directory.models()).hasSize(2);
    ServedModels<Embedder> embedders = directory.served(Role.EMBED);
    Served<Embedder> one = embedders.named("org/bert");
    assertThat(embedders.first()).isSameAs(one);
    assertThat(embedders.named("one")).isSameAs(one);
    assertThat(embedders.named("two")).isSameAs(one);
    assertThat(embedders.named("exact")).isNotSameAs(one);
  }

  @Test
  void twoNamesOfOneModelNeedNoTasks() {
    set("one.source", "org/bert");
    set("two.source", "org/bert");

    ServedModels<Embedder> embedders = directory().served(Role.EMBED);

    assertThat(embedders.named("two")).isSameAs(embedders.named("one"));
  }

  @Test
  void aRoleWithoutADefaultHasTheFirstModelThatCan() {
    set("generate", "");
    set("fill-mask", "");
    set("embed", "");
    set("any.source", "org/any");
    set("ranker.source", "org/ranker");
    set("ranker.tasks", "rank");

    ServedModels<Ranker> rankers = directory().served(Role.RANK);

    assertThat(rankers.first().name()).as("certain").isEqualTo("ranker");
    assertThat(names(rankers)).containsExactly("ranker");
    Served<Ranker> possible = rankers.named("any");
    assertThat(rankers.isOnlyPossible(possible)).isTrue();
    rankers.settle(possible, false);
    assertThat(rankers.allPossible()).doesNotContain(possible);
  }

  private static List<String> names(ServedModels<?> models) {
    return models.all().stream().map(Served::name).toList();
  }

  private void set(String key, String value) {
    properties.put(PREFIX + key, value);
  }

  private List<NamedModel> read() {
    StandardEnvironment environment = environment();
    return new NamedModelsReader(environment, settings(environment)).read();
  }

  private ModelDirectory directory() {
    StandardEnvironment environment = environment();
    DiptychSettings.Models settings = settings(environment);
    return new ModelDirectory(settings, new NamedModelsReader(environment, settings).read());
  }

  private StandardEnvironment environment() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(source -> environment.getPropertySources().remove(source.getName()));
    environment
        .getPropertySources()
        .addLast(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    environment.getPropertySources().addLast(new MapPropertySource("file", properties));
    ConfigurationPropertySources.attach(environment);
    return environment;
  }

  private static DiptychSettings.Models settings(StandardEnvironment environment) {
    return Binder.get(environment).bindOrCreate("diptych.models", DiptychSettings.Models.class);
  }
}
