package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSchemaTests {

  private static final JsonMapper JSON = new JsonMapper();
  private final SmallVocabulary vocabulary = new SmallVocabulary(11, 1000);

  /* A schema, texts that fit it and texts that do not, separated by ¦. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '↦',
      quoteCharacter = '\0',
      value = {
        "{'type':'null'}↦null↦true¦0¦nul",
        "{'type':'boolean'}↦true¦false↦null¦'true'",
        "{'type':'string'}↦''¦'a'¦'é\\n\\u0041\\ud83d\\ude00'↦'\\ud83d'¦'\\x'¦a¦'a",
        "{'type':'string','minLength':2,'maxLength':3}↦'ab'¦'😀é日'¦'\\n\\u0041'↦'a'¦'abcd'",
        "{'type':'string','pattern':'^a+$'}↦'a'¦'aaa'↦''¦'b'¦'ab'",
        "{'type':'string','pattern':'b\"?'}↦'abc'¦'\\\"b\\\"'↦'ac'¦''",
        "{'type':'string','pattern':'^.+$','maxLength':2}↦'é日'¦'\\\\'↦''¦'abc'¦'\\n'",
        "{'type':'string','format':'date'}↦'2024-02-29'¦'2000-12-31'↦'2023-02-29'¦'1900-02-29'¦'2024-13-01'",
        "{'type':'string','format':'time'}↦'23:59:59Z'¦'01:02:03.5+02:00'↦'24:00:00Z'¦'1:00:00Z'",
        "{'type':'string','format':'date-time'}↦'2024-02-29T01:02:03Z'↦'2024-02-29'¦'2024-02-29"
            + " 01:02:03Z'",
        "{'type':'string','format':'uuid'}↦'123e4567-e89b-12d3-a456-426614174000'↦'123e4567'",
        "{'type':'string','format':'ipv4'}↦'127.0.0.1'¦'255.255.255.255'↦'256.0.0.1'¦'1.2.3'",
        "{'type':'string','format':'email'}↦'a.b@example.org'↦'a.b'¦'@example.org'",
        "{'type':'string','format':'ipv6'}↦'1:2:3:4:5:6:7:8'↦'1::2'¦'g:2:3:4:5:6:7:8'",
        "{'type':'string','format':'duration'}↦'P3D'¦'PT15M'¦'P1DT2H'↦'3D'¦'P'",
        "{'type':'string','format':'byte'}↦''¦'YQ=='¦'YWJj'↦'YQ'¦'a'",
        "{'type':'string','format':'password','maxLength':3}↦'a b'↦'abcd'",
        "{'type':'integer','format':'int32'}↦2147483647¦-2147483648¦0↦2147483648¦-2147483649¦'a'",
        "{'type':'number','format':'double'}↦1.5¦1e5↦'a'",
        "{'type':'integer'}↦0¦-1¦123456789012345↦01¦1.5¦-0¦1e3¦-",
        "{'type':'integer','minimum':-3,'maximum':12}↦-3¦0¦9¦12↦-4¦13¦100",
        "{'type':'integer','exclusiveMinimum':9,'exclusiveMaximum':101}↦10¦99¦100↦9¦101¦1000",
        "{'type':'integer','minimum':1.5}↦2¦15↦1¦0¦-2",
        "{'type':'integer','maximum':-10}↦-10¦-200↦-9¦0¦5",
        "{'type':'number'}↦0¦-1.25¦1e5¦2.5E-3¦-0↦.5¦1.¦+1¦1e",
        "{'type':'number','minimum':0,'maximum':1}↦0¦1¦0.5¦1.000¦0.0↦-0.1¦1.01¦2¦10",
        "{'type':'number','exclusiveMinimum':0}↦0.001¦3↦0¦0.0¦-1",
        "{'type':'number','minimum':-2.75,'exclusiveMaximum':0.1}↦-2.75¦-2.7¦-1.999¦0.09¦0↦-2.76¦0.1¦-3",
        "{'type':['string','null']}↦'a'¦null↦1",
        "{'enum':['a',1,null,{'b':[1,2]}]}↦'a'¦1¦null¦{'b':[1,2]}↦'b'¦2¦{}",
        "{'enum':['a',1,2.5,'bc'],'type':['string','integer'],'minLength':2}↦1¦'bc'↦'a'¦2.5",
        "{'const':'a\\\"b'}↦'a\\\"b'↦'ab'",
        "{'const':3,'enum':[1,3]}↦3↦1",
        "{'type':'array','items':{'type':'integer'}}↦[]¦[1]¦[1, 2]¦[1,\\n    2\\n]↦[,]¦[1,]¦['a']",
        "{'type':'array','items':{'type':'integer'},'minItems':1,'maxItems':2}↦[1]¦[1,2]↦[]¦[1,2,3]",
        "{'type':'array','prefixItems':[{'type':'integer'},{'type':'string'}],'items':{'type':'null'}}↦[]¦[1]¦[1,'a']¦[1,'a',null]↦['a']¦[1,'a',2]",
        "{'type':'array','prefixItems':[{'type':'integer'}]}↦[]¦[1]↦[1,2]",
        "{'type':'array','prefixItems':[{'type':'integer'}],'items':false}↦[1]↦[1,2]",
        "{'type':'array','items':false}↦[]↦[1]",
        "{'type':'array','maxItems':0}↦[]↦[1]",
        "{'properties':{'a':{'type':'integer'},'b':{'type':'string'}}}↦{}¦{'a':1}¦{'b':'x'}¦{'a':"
            + " 1, 'b': ''}↦{'b':'','a':1}¦{'c':1}¦{'a':'x'}¦{'a':1,}",
        "{'properties':{'a':{},'b':{}},'required':['b']}↦{'b':1}¦{'a':[],'b':{}}↦{}¦{'a':1}",
        "{'properties':{'a':{'const':1}},'additionalProperties':{'const':2}}↦{'a':1,'x':2}¦{'x':2,'y':2}¦{'aa':2}↦{'a':2}¦{'x':1}¦{'x':2,'a':1}",
        "{'properties':{'a':{'const':1}},'additionalProperties':true}↦{'a':1,'x':null}↦{'a':2}",
        "{'type':'object'}↦{}¦{'x':[1,{'y':null}]}↦[]",
        "{'type':'object','additionalProperties':false}↦{}↦{'a':1}",
        "{'type':'object','required':['x'],'additionalProperties':{'type':'integer'}}↦{'x':1}¦{'x':1,'y':2}↦{}¦{'x':'a'}",
        "{'type':'object','additionalProperties':{'const':1},'minProperties':1,'maxProperties':2}↦{'a':1}¦{'a':1,'b':1}↦{}¦{'a':1,'b':1,'c':1}",
        "{'properties':{'a':{'const':1},'b':{'const':1},'c':{'const':1}},'minProperties':2}↦{'a':1,'c':1}¦{'a':1,'b':1,'c':1}↦{}¦{'b':1}",
        "{'anyOf':[{'type':'integer'},{'type':'string','maxLength':1}]}↦1¦'a'↦'ab'¦null",
        "{'oneOf':[{'type':'integer'},{'type':'string'}]}↦1¦'ab'↦null",
        "{'oneOf':[{'properties':{'k':{'const':'x'}}},{'properties':{'k':{'const':'y'},'n':{'const':1}}}]}↦{'k':'x'}¦{'k':'y'}¦{'k':'y','n':1}↦{}¦{'n':1}¦{'k':'x','n':1}",
        "{'type':'object','properties':{'a':{'const':1},'b':{'const':1}},'anyOf':[{'required':['a']},{'required':['b']}]}↦{'a':1}¦{'b':1}¦{'a':1,'b':1}↦{}",
        "{'allOf':[{'properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'a':{'minimum':5},'b':{'const':1}}}]}↦{'a':5}¦{'a':6,'b':1}↦{'a':4}¦{'b':1}",
        "{'allOf':[{'type':'integer','minimum':3},{'maximum':4}]}↦3¦4↦2¦5",
        "{'$defs':{'n':{'properties':{'v':{'type':'integer'},'next':{'anyOf':[{'$ref':'#/$defs/n'},{'type':'null'}]}},'required':['v','next']}},'$ref':'#/$defs/n'}↦{'v':1,'next':null}¦{'v':1,'next':{'v':2,'next':null}}↦{'v':1}¦{'v':1,'next':{}}",
        "{'properties':{'c':{'type':'array','items':{'$ref':'#'}}}}↦{}¦{'c':[]}¦{'c':[{},{'c':[{}]}]}↦{'c':[1]}",
        "{'properties':{'a~b/c d':{'const':1},'x':{'$ref':'#/properties/a~0b~1c%20d'}}}↦{'a~b/c"
            + " d':1,'x':1}↦{'x':2}",
        "{'$ref':'#/definitions/a','definitions':{'a':{'type':'integer'}},'minimum':3}↦3↦2¦'a'",
        "{'title':'t','description':'d','default':1,'examples':[1],'$comment':'c','$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://example.org/y','x-own':1,'type':'null'}↦null↦1",
        "true↦1¦{}¦[null,'a',{'b':1.5e3}]↦¦a",
        "{}↦1¦'a'↦tru",
        "{'properties':{'a':true,'b':false}}↦{}¦{'a':[{}]}↦{'b':1}",
        "{'properties':{'é\"':{'const':1}}}↦{'é\\\"':1}↦{'e':1}",
      })
  void acceptsWhatFitsAndNothingElse(String schema, String fitting, String others) {
    JsonNode parsed = JSON.readTree(doubleQuoted(schema));
    Constraint constraint = new Constraint.JsonSchema(parsed);
    for (String text : doubleQuoted(fitting).replace("\\n", NEW_LINE).split("¦", -1)) {
      String whole = text.replace(" " + NEW_LINE, "\n");
      assertThat(ReferenceValidator.errors(parsed, restored(whole))).as(whole).isEmpty();
      assertThat(vocabulary.fits(constraint, restored(whole))).as(whole).isTrue();
    }
    for (String text : doubleQuoted(others).split("¦", -1)) {
      assertThat(vocabulary.fits(constraint, text)).as(text).isFalse();
    }
  }

  private static final String NEW_LINE = "␤";

  /* Between the elements of an array it is a new line, in a string an escape. */
  private static String restored(String text) {
    return text.startsWith("[") ? text.replace(NEW_LINE, "\n") : text.replace(NEW_LINE, "\\n");
  }

  private static String doubleQuoted(String text) {
    return text.replace('"', '\0').replace('\'', '"').replace("\\\0", "\\\"").replace("\0", "\\\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '↦',
      quoteCharacter = '\0',
      value = {
        "{'not':{}}↦`not` at the top is not supported",
        "{'properties':{'a':{'multipleOf':2}}}↦`multipleOf` at /properties/a is not supported",
        "{'items':{'anyOf':[{},{'if':{}}]}}↦`if` at /items/anyOf/1 is not supported",
        "{'$defs':{'x/y':{'contains':{}}},'$ref':'#/$defs/x~1y'}↦`contains` at /$defs/x~1y",
        "{'type':'object','patternProperties':{'a':{}}}↦`patternProperties` at the top",
        "{'propertyNames':{}}↦`propertyNames`",
        "{'dependentRequired':{'a':['b']}}↦`dependentRequired`",
        "{'unevaluatedProperties':false}↦`unevaluatedProperties`",
        "{'uniqueItems':true}↦`uniqueItems`",
        "{'mystery':1}↦`mystery`",
        "{'properties':{'a':{'$id':'other'}}}↦`$id` at /properties/a",
        "{'$ref':'other.json'}↦`$ref` at the top is not supported: only those inside",
        "{'$ref':'#anchor'}↦`$ref`",
        "{'$ref':'#/$defs/none'}↦`$ref` at the top refers to no schema",
        "{'$ref':'#'}↦refers to itself",
        "{'anyOf':[{'type':'null'},{'$ref':'#'}]}↦refers to itself",
        "{'allOf':[{'$ref':'#'}]}↦refers to itself",
        "{'type':'text'}↦`type` at the top is no type",
        "{'format':'color'}↦`format` at the top is none of those supported",
        "{'pattern':'(?=a)'}↦an assertion that looks ahead",
        "{'items':[{}]}↦`prefixItems`",
        "{'oneOf':[{'type':'integer'},{'type':'number'}]}↦`oneOf` at the top has alternatives that"
            + " do not exclude each other, 0 and 1",
        "{'oneOf':[{'properties':{'a':{}}},{'properties':{'b':{}}}]}↦do not exclude each other",
        "{'minLength':-1}↦`minLength` at the top must be a whole number",
        "{'type':'string','minLength':100000}↦must be at most",
        "{'minimum':'a'}↦`minimum` at the top must be a number",
        "{'exclusiveMinimum':true}↦must be a number",
        "{'properties':{'a':1}}↦a schema must be",
        "{'required':'a'}↦`required` at the top must be a list of texts",
        "{'enum':[]}↦`enum`",
        "{'enum':[{'a':1}],'properties':{}}↦`properties` at the top is not supported beside",
        "false↦cannot be met",
        "{'type':'integer','minimum':3,'maximum':2}↦cannot be met",
        "{'properties':{'a':false},'required':['a']}↦cannot be met",
        "{'properties':{'a':{'$ref':'#'}},'required':['a']}↦cannot be met",
        "{'type':'string','const':1}↦cannot be met",
        "{'minimum':1e300}↦more than 40 digits",
      })
  void refusesByNameAndPlace(String schema, String message) {
    JsonNode parsed = JSON.readTree(doubleQuoted(schema));
    assertThatThrownBy(() -> vocabulary.start(new Constraint.JsonSchema(parsed)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatWouldTakeTooMuchToMake() {
    StringBuilder properties = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      properties.append(i == 0 ? "" : ",").append("'property%d':{}".formatted(i));
    }
    String object = "{'properties':{%s},'minProperties':%d}";
    for (String schema :
        List.of(
            object.formatted(properties, 390),
            "{'pattern':'((a{1,30}){1,30}){1,20}'}",
            "{'allOf':[{'pattern':'a.{12}b'},{'pattern':'c.{12}d'},{'pattern':'e.{12}f'}]}",
            "{'anyOf':[%1$s{}],'allOf':[{'anyOf':[%1$s{}]}]}".formatted("{},".repeat(60)))) {
      JsonNode parsed = JSON.readTree(doubleQuoted(schema));
      assertThatThrownBy(() -> vocabulary.start(new Constraint.JsonSchema(parsed)))
          .isInstanceOf(InvalidInput.class);
    }
    vocabulary.start(
        new Constraint.JsonSchema(JSON.readTree(doubleQuoted(object.formatted(properties, 0)))));
  }

  @Test
  void anObjectOfAnyShapeIsAnObject() {
    Constraint constraint = new Constraint.JsonObject();
    assertThat(vocabulary.fits(constraint, "{\"a\": [1, {\"b\": \"\\u00e9\"}]}")).isTrue();
    assertThat(vocabulary.fits(constraint, "[]")).isFalse();
    assertThat(vocabulary.fits(constraint, " {}")).isFalse();
    assertThat(vocabulary.fits(constraint, "{    \"a\":1}")).isFalse();
    Random random = new Random(8);
    for (int i = 0; i < 20; i++) {
      String text = vocabulary.random(constraint, random, 40);
      assertThat(JSON.readTree(text).isObject()).as(text).isTrue();
    }
  }
}
