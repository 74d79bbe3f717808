package dev.diptych.model.family;

import dev.diptych.checkpoint.GgufModel;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The metadata of a GGUF model, by keys below the name of its architecture. They remember which
 * were asked for, so that those that nobody knows can be told.
 */
public final class GgufKeys {

  private final GgufModel model;
  private final String architecture;
  private final Set<String> asked = new HashSet<>();

  GgufKeys(GgufModel model, String architecture) {
    this.model = model;
    this.architecture = architecture;
  }

  private String asked(String key) {
    String whole = architecture + "." + key;
    asked.add(whole);
    return whole;
  }

  boolean has(String key) {
    return model.metadata().has(asked(key));
  }

  /** A whole number of at least 1. */
  int count(String key) throws IOException {
    return model.metadata().count(asked(key));
  }

  /** The same; what is given where there is none. */
  int count(String key, int fallback) throws IOException {
    return model.metadata().optionalCount(asked(key)).orElse(fallback);
  }

  /** A whole number, 0 where there is none. */
  int index(String key) throws IOException {
    return model.metadata().optionalIndex(asked(key)).orElse(0);
  }

  /** A number above 0. */
  double number(String key) throws IOException {
    return model.metadata().positive(asked(key));
  }

  /** The same; what is given where there is none or 0. */
  double number(String key, double fallback) throws IOException {
    return model.metadata().optionalNumber(asked(key)).filter(value -> value != 0).orElse(fallback);
  }

  boolean flag(String key, boolean fallback) throws IOException {
    return model.metadata().optionalFlag(asked(key)).orElse(fallback);
  }

  String text(String key, String fallback) throws IOException {
    return model.metadata().optionalText(asked(key)).orElse(fallback);
  }

  /** A list with a flag for each layer; empty where there is none or one number for all. */
  List<Boolean> flags(String key) throws IOException {
    return model.metadata().flags(asked(key));
  }

  /** Numbers of a head's key, and of its value. */
  int headWidth() throws IOException {
    int width = count("embedding_length");
    int heads = count("attention.head_count");
    if (!has("attention.key_length") && width % heads != 0) {
      throw invalid("%d heads do not divide the width %d".formatted(heads, width));
    }
    int key = count("attention.key_length", Math.max(1, width / heads));
    int value = count("attention.value_length", key);
    if (value != key) {
      throw invalid("values of %d numbers for keys of %d are not supported".formatted(value, key));
    }
    return key;
  }

  boolean hasTensor(String name) {
    return model.tensors().containsKey(name);
  }

  /** The numbers of a small float32 tensor of one dimension. */
  float[] vector(String tensor) throws IOException {
    return model.vector(tensor);
  }

  /** The keys of this architecture that nobody asked for. */
  List<String> unasked() {
    return model.metadata().keys().stream()
        .filter(key -> key.startsWith(architecture + ".") && !asked.contains(key))
        .sorted()
        .toList();
  }

  IOException invalid(String problem) {
    return model.metadata().invalid(problem);
  }
}
