package dev.diptych.http.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of the wire's records, as the records' own marks have them: what is nullable may be null
 * or absent, what is written only sometimes may be absent, everything else is always there.
 */
@SuppressWarnings("rawtypes") // as maps of schemas are in swagger-core
final class WireSchemas extends ModelResolver {

  private static final String NULL = "null";

  WireSchemas(ObjectMapper mapper) {
    super(mapper);
    openapi31(true);
  }

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType annotated, ModelConverterContext context, Iterator<ModelConverter> next) {
    Schema<?> resolved = super.resolve(annotated, context, next);
    Class<?> raw = rawClass(annotated.getType());
    if (resolved != null && raw.isRecord()) {
      String reference = resolved.get$ref();
      Schema<?> model =
          reference == null
              ? resolved
              : context.getDefinedModels().get(reference.substring(reference.lastIndexOf('/') + 1));
      if (model != null) {
        mark(model, raw);
      }
    }
    return resolved;
  }

  private Class<?> rawClass(Type type) {
    JavaType java = type instanceof JavaType known ? known : _mapper.constructType(type);
    return java.getRawClass();
  }

  private void mark(Schema<?> model, Class<?> wire) {
    Map<String, Schema> properties = model.getProperties();
    if (properties == null) {
      return;
    }
    Set<String> required = new LinkedHashSet<>();
    if (model.getRequired() != null) {
      required.addAll(model.getRequired());
    }
    mark(properties, required, wire);
    model.setRequired(required.isEmpty() ? null : List.copyOf(required));
  }

  private void mark(Map<String, Schema> properties, Set<String> required, Class<?> wire) {
    Map<String, String> names = namesOnTheWire(wire);
    for (RecordComponent component : wire.getRecordComponents()) {
      String name = names.get(component.getName());
      Schema<?> property = name == null ? null : properties.get(name);
      if (property == null) { // its own components stand here instead, or it is hidden
        if (component.getType().isRecord()) {
          mark(properties, required, component.getType());
        }
        continue;
      }
      boolean sometimes = component.getAccessor().isAnnotationPresent(JsonInclude.class);
      boolean withoutNulls = sometimes || wire.isAnnotationPresent(JsonInclude.class);
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (nullable && !withoutNulls && !required.contains(name)) {
        properties.put(name, orNull(property));
      } else if (!nullable && !sometimes) {
        required.add(name);
      }
    }
  }

  private Map<String, String> namesOnTheWire(Class<?> wire) {
    Map<String, String> names = new HashMap<>();
    for (BeanPropertyDefinition property :
        _mapper.getSerializationConfig().introspect(_mapper.constructType(wire)).findProperties()) {
      names.put(property.getInternalName(), property.getName());
    }
    return names;
  }

  /** A schema that also takes null. */
  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() != null) {
      Schema<?> both = new JsonSchema().description(schema.getDescription());
      both.addAnyOfItem(new JsonSchema().$ref(schema.get$ref()));
      both.addAnyOfItem(new JsonSchema().types(Set.of(NULL)));
      return both;
    }
    if (schema.getTypes() != null) {
      schema.addType(NULL);
      orNullIsAValue(schema);
    }
    return schema;
  }

  private static <T> void orNullIsAValue(Schema<T> schema) {
    List<T> values = schema.getEnum();
    if (values != null && !values.contains(null)) {
      List<T> orNull = new ArrayList<>(values);
      orNull.add(null);
      schema.setEnum(orNull);
    }
  }
}
