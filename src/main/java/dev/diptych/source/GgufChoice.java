package dev.diptych.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which GGUF model is meant where a place has several, as one for each way to quantise. */
final class GgufChoice {

  private static final Pattern PART = Pattern.compile("(.+)-\\d{5}-of-\\d{5}\\.gguf");
  private static final Pattern OTHER = Pattern.compile("(?i).*(mmproj|imatrix).*");
  private static final String END = ".gguf";
  private static final String USUAL = "Q4_K_M"; // llama.cpp's choice too
  private static final int MOST_NAMED = 20;

  private GgufChoice() {}

  /** Whether there is a model among files. */
  static boolean isAmong(Collection<String> names) {
    return names.stream().anyMatch(GgufChoice::isModel);
  }

  private static boolean isModel(String name) {
    return name.endsWith(END) && !OTHER.matcher(name).matches();
  }

  /**
   * The files of the model that is meant, its parts in their order.
   *
   * @param names of all files
   * @param quantisation how its weights are stored, as its name tells, or its whole name; empty for
   *     the only one, or the usual one of several
   * @param where for messages
   * @throws ModelNotObtained naming those that there are, if it is none of them or not clear
   */
  static List<String> of(Collection<String> names, String quantisation, String where)
      throws ModelNotObtained {
    Map<String, List<String>> models = new TreeMap<>();
    names.stream()
        .filter(GgufChoice::isModel)
        .sorted()
        .forEach(name -> models.computeIfAbsent(stem(name), _ -> new ArrayList<>()).add(name));
    String wanted = quantisation.isEmpty() && models.size() > 1 ? USUAL : quantisation;
    List<String> found = models.keySet().stream().filter(stem -> means(stem, wanted)).toList();
    if (found.size() != 1) {
      throw new ModelNotObtained(
          "%s has %s%s: %s; one is named by org/name:quantisation, or by its file"
              .formatted(
                  where,
                  found.isEmpty() ? "no GGUF model" : "several GGUF models",
                  wanted.isEmpty() ? "" : " called " + wanted,
                  String.join(", ", models.keySet().stream().limit(MOST_NAMED).toList())));
    }
    return models.getOrDefault(found.getFirst(), List.of());
  }

  private static String stem(String name) {
    Matcher part = PART.matcher(name);
    return part.matches() ? part.group(1) : name.substring(0, name.length() - END.length());
  }

  private static boolean means(String stem, String wanted) {
    String name = stem.substring(stem.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String asked = wanted.toLowerCase(Locale.ROOT);
    if (asked.endsWith(END)) {
      asked = stem(asked);
    }
    return asked.isEmpty()
        || name.equals(asked)
        || stem.toLowerCase(Locale.ROOT).equals(asked)
        || ("-" + name + "-").matches(".*[-._]" + Pattern.quote(asked) + "[-._].*");
  }
}
