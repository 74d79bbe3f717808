package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The metadata of a GGUF file by key, with the types that a caller expects. */
public final class GgufMetadata {

  private final Path file;
  private final Map<String, GgufValue> values;

  GgufMetadata(Path file, Map<String, GgufValue> values) {
    this.file = file;
    this.values = Map.copyOf(values);
  }

  Path file() {
    return file;
  }

  /** All keys. */
  public Set<String> keys() {
    return values.keySet();
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String text(String key) throws InvalidCheckpoint {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  public Optional<String> optionalText(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw unexpected(key, "a string", other);
    };
  }

  /** An integer of 1 to 2^31-1. */
  public int count(String key) throws InvalidCheckpoint {
    return optionalCount(key).orElseThrow(() -> missing(key));
  }

  /** An integer of 1 to 2^31-1. */
  public Optional<Integer> optionalCount(String key) throws InvalidCheckpoint {
    Optional<Integer> index = optionalIndex(key);
    if (index.isPresent() && index.get() == 0) {
      throw invalid("%s is 0; at least 1 is expected".formatted(quote(key)));
    }
    return index;
  }

  /** An integer of 0 to 2^31-1. */
  public Optional<Integer> optionalIndex(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Whole(long value) when value >= 0 && value <= Integer.MAX_VALUE ->
          Optional.of((int) value);
      case GgufValue other -> throw unexpected(key, "an integer of 0 to 2147483647", other);
    };
  }

  /** A finite number above zero. */
  public Optional<Double> optionalPositive(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Real(double value) when value > 0 && Double.isFinite(value) ->
          Optional.of(value);
      case GgufValue other -> throw unexpected(key, "a number above zero", other);
    };
  }

  /** A finite number; whole numbers are taken too. */
  public Optional<Double> optionalNumber(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Real(double value) when Double.isFinite(value) -> Optional.of(value);
      case GgufValue.Whole(long value) -> Optional.of((double) value);
      case GgufValue other -> throw unexpected(key, "a number", other);
    };
  }

  public double positive(String key) throws InvalidCheckpoint {
    return optionalPositive(key).orElseThrow(() -> missing(key));
  }

  public Optional<Boolean> optionalFlag(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Flag(boolean value) -> Optional.of(value);
      case GgufValue other -> throw unexpected(key, "a boolean", other);
    };
  }

  /** An array of booleans; empty if there is none, or one number in its place. */
  public List<Boolean> flags(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> List.of();
      case GgufValue.Whole _ -> List.of();
      case GgufValue.Sequence(List<GgufValue> elements)
          when elements.stream().allMatch(GgufValue.Flag.class::isInstance) ->
          elements.stream().map(element -> ((GgufValue.Flag) element).value()).toList();
      case GgufValue other -> throw unexpected(key, "an array of booleans", other);
    };
  }

  List<String> texts(String key) throws InvalidCheckpoint {
    return switch (values.get(key)) {
      case null -> throw missing(key);
      case GgufValue.Texts(List<String> texts) -> texts;
      case GgufValue other -> throw unexpected(key, "an array of strings", other);
    };
  }

  int[] integers(String key) throws InvalidCheckpoint {
    if (!(requireValue(key) instanceof GgufValue.Wholes(long[] wholes))) {
      throw unexpected(key, "an array of 32-bit integers", requireValue(key));
    }
    int[] integers = new int[wholes.length];
    for (int i = 0; i < integers.length; i++) {
      if (wholes[i] != (int) wholes[i]) {
        throw unexpected(key, "an array of 32-bit integers", new GgufValue.Whole(wholes[i]));
      }
      integers[i] = (int) wholes[i];
    }
    return integers;
  }

  double[] reals(String key) throws InvalidCheckpoint {
    if (!(requireValue(key) instanceof GgufValue.Reals(double[] reals))) {
      throw unexpected(key, "an array of numbers", requireValue(key));
    }
    for (double value : reals) {
      if (Double.isNaN(value)) {
        throw unexpected(key, "an array of numbers", new GgufValue.Real(value));
      }
    }
    return reals.clone();
  }

  private GgufValue requireValue(String key) throws InvalidCheckpoint {
    GgufValue value = values.get(key);
    if (value == null) {
      throw missing(key);
    }
    return value;
  }

  public InvalidCheckpoint invalid(String problem) {
    return new InvalidCheckpoint(file + ": " + problem);
  }

  private InvalidCheckpoint missing(String key) {
    return invalid("the metadata lacks " + quote(key));
  }

  private InvalidCheckpoint unexpected(String key, String expected, GgufValue found) {
    String value =
        switch (found) {
          case GgufValue.Whole(long whole) -> Long.toString(whole);
          case GgufValue.Real(double real) -> Double.toString(real);
          case GgufValue.Flag(boolean flag) -> Boolean.toString(flag);
          case GgufValue.Text(String text) -> "the string " + quote(text);
          case GgufValue.Wholes(long[] wholes) ->
              "an array of %d integers".formatted(wholes.length);
          case GgufValue.Reals(double[] reals) -> "an array of %d numbers".formatted(reals.length);
          case GgufValue.Texts(List<String> texts) ->
              "an array of %d strings".formatted(texts.size());
          case GgufValue.Sequence(List<GgufValue> elements) ->
              "an array of %d elements".formatted(elements.size());
        };
    return invalid("%s is %s where %s is expected".formatted(quote(key), value, expected));
  }
}
