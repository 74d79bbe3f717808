package dev.diptych.tokenization.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Expectations in {@code templates/jinja.json} are what Jinja 3.1 makes of the templates. */
class TemplateTests {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-07-04T09:05:03Z"), ZoneOffset.UTC);
  private static final JsonNode JINJA =
      JsonMapper.shared().readTree(Path.of("src/test/resources/templates/jinja.json"));

  static Stream<JsonNode> renders() {
    return JINJA.path("renders").valueStream();
  }

  static Stream<String> fails() {
    return JINJA.path("fails").valueStream().map(JsonNode::stringValue);
  }

  static Stream<String> invalid() {
    return JINJA.path("invalid").valueStream().map(JsonNode::stringValue);
  }

  private static String render(String template) {
    Map<String, Object> variables = new HashMap<>();
    JINJA.path("variables").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
    return Template.parse(template).render(variables, CLOCK);
  }

  @ParameterizedTest
  @MethodSource("renders")
  void rendersAsJinjaDoes(JsonNode example) {
    String template = example.path("template").stringValue();

    assertThat(render(template)).as(template).isEqualTo(example.path("expected").stringValue());
  }

  @ParameterizedTest
  @MethodSource("fails")
  void failsWhereJinjaFails(String template) {
    assertThatExceptionOfType(TemplateFailed.class)
        .isThrownBy(() -> render(template))
        .withMessageStartingWith("template line 1: ");
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWhatIsNotATemplate(String template) {
    assertThatExceptionOfType(InvalidTemplate.class)
        .isThrownBy(() -> render(template))
        .withMessageStartingWith("template line 1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for x in [[1]] recursive %}{% endfor %}",
        "{{ '%s' | format(1) }}",
        "{{ x | escape }}",
        "{% extends 'x' %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% block b %}{% endblock %}",
        "{{ 0x10 }}",
        "{{ '\\N{DASH}' }}",
      })
  void refusesWhatIsNotSupported(String template) {
    assertThatExceptionOfType(InvalidTemplate.class).isThrownBy(() -> render(template));
  }

  @Test
  void appendsToLists() {
    assertThat(render("{% set l = [1] %}{% set _ = l.append(2) %}{{ l }}")).isEqualTo("[1, 2]");
  }

  @Test
  void takesNumbersOfAnySize() {
    assertThat(
            Template.parse("{{ n }} {{ n | tojson }}")
                .render(Map.of("n", new BigInteger("18446744073709551615")), CLOCK))
        .isEqualTo("1.8446744073709552e+19 1.8446744073709552e+19");
  }

  @Test
  void writesTheDate() {
    assertThat(render("{{ strftime_now('%d %B %Y|%-d %b %y|%A %a|%H:%M:%S %I %p|%j %%') }}"))
        .isEqualTo("04 July 2025|4 Jul 25|Friday Fri|09:05:03 09 AM|185 %");
  }

  @Test
  void passesOnWhatTheTemplateRefuses() {
    assertThatExceptionOfType(RejectedByTemplate.class)
        .isThrownBy(() -> render("{{ raise_exception('roles must ' ~ 'alternate') }}"))
        .withMessage("roles must alternate");
  }

  @Test
  void saysWhereItFailed() {
    assertThatExceptionOfType(TemplateFailed.class)
        .isThrownBy(() -> render("a\n{% if yes %}\n  {{ missing.role }}\n{% endif %}"))
        .withMessage("template line 3: 'missing' is undefined");
    assertThatExceptionOfType(InvalidTemplate.class)
        .isThrownBy(() -> Template.parse("a\n\n{{ x | unheard }}"))
        .withMessage("template line 3: the filter 'unheard' is not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100000000) %}{% endfor %}",
        "{% for i in range(9000) %}{% for j in range(9000) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 100000000 }}",
        "{{ 'x' * 9223372036854775807 }}",
        "{{ [0] * 100000000 }}",
        "{% set n = namespace(s='x') %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor"
            + " %}",
        "{% for i in range(9) %}{{ 'xxxxxxxxxx' * 300000 }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ ('a' * 5000).replace('a', 'b' * 5000) }}",
        "{{ ('b' * 5000) | join('c' * 5000) }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l =="
            + " m }}",
        "{% set l = [0] %}{% for i in range(3000000) %}{% endfor %}",
        "{{ range(90000)|map('string')|map('replace', '0', 'x' * 1000)|list }}",
        "{{ ('A' * 1000000)|list }}",
        "{{ ('a,' * 1000000).split(',') }}",
        "{{ (['A' * 1000000] * 1000)|sort }}",
        "{{ 10 ** 100 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ range }}",
      })
  void staysWithinItsBudget(String template) {
    assertThatExceptionOfType(TemplateFailed.class)
        .isThrownBy(() -> render(template))
        .withMessageStartingWith("template line 1: ");
  }

  @Test
  void boundsTheSourceAndItsNesting() {
    for (String template :
        List.of(
            "x".repeat(Template.MAX_SOURCE + 1),
            "{{ " + "(".repeat(100_000) + " }}",
            "{{ " + "not ".repeat(100_000) + "x }}",
            "{{ " + "-".repeat(100_000) + "1 }}",
            "{{ " + "[".repeat(100_000) + " }}",
            "{{ " + "1 if 1 else ".repeat(50_000) + "1 }}",
            "{% if 1 %}".repeat(50_000))) {
      assertThatExceptionOfType(InvalidTemplate.class)
          .isThrownBy(() -> Template.parse(template))
          .withMessageStartingWith("template line 1: ");
    }
    String chain = "{{ 1" + " + 1".repeat(50_000) + " }}";
    assertThatExceptionOfType(TemplateFailed.class).isThrownBy(() -> render(chain));
  }

  @Test
  void refusesVariablesOfOtherKindsOrTooDeep() {
    Template template = Template.parse("{{ x }}");
    assertThatExceptionOfType(TemplateFailed.class)
        .isThrownBy(() -> template.render(Map.of("x", new Object()), CLOCK));
    Object nested = "end";
    for (int i = 0; i < 200; i++) {
      nested = new ArrayList<>(List.of(nested));
    }
    Map<String, Object> variables = Map.of("x", nested);
    assertThatExceptionOfType(TemplateFailed.class)
        .isThrownBy(() -> template.render(variables, CLOCK));
  }
}
