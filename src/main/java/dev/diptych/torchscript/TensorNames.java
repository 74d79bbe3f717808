package dev.diptych.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names that checkpoints of a family give the tensors of its forward pass.
 *
 * @param own beginning of the names in the script, which checkpoints may have or not
 * @param prefixes that checkpoints put before the names, the usual one first
 * @param parts of names in the script, and what stands for them in checkpoints
 * @param heads beginnings of names in the script that have no prefix, and all that may stand for
 *     each, in the order of preference
 * @param embedding the table of tokens, in the script
 * @param head the output layer that may be tied to it, in the script
 * @param unused tensors of the family that no role needs
 */
record TensorNames(
    String own,
    List<String> prefixes,
    Map<String, String> parts,
    Map<String, List<String>> heads,
    String embedding,
    String head,
    Pattern unused) {

  /* Old conversions of TensorFlow's releases kept its names for the two parameters of a norm. */
  private static final Map<String, String> OLD_ENDS = Map.of(".weight", ".gamma", ".bias", ".beta");

  /** What may stand for a tensor in a checkpoint, in the order of preference. */
  List<String> of(String name) {
    List<String> names = new ArrayList<>(withoutOldEnds(name));
    for (String candidate : List.copyOf(names)) {
      OLD_ENDS.forEach(
          (end, old) -> {
            if (candidate.endsWith(end)) {
              names.add(candidate.substring(0, candidate.length() - end.length()) + old);
            }
          });
    }
    return names;
  }

  private List<String> withoutOldEnds(String name) {
    for (Map.Entry<String, List<String>> head : heads.entrySet()) {
      if (name.startsWith(head.getKey())) {
        String rest = name.substring(head.getKey().length());
        return head.getValue().stream().map(stored -> stored + rest).toList();
      }
    }
    String stored = name.startsWith(own) ? name.substring(own.length()) : name;
    for (Map.Entry<String, String> part : parts.entrySet()) {
      stored = stored.replace(part.getKey(), part.getValue());
    }
    String end = stored;
    return prefixes.stream().map(prefix -> prefix + end).toList();
  }

  /** A map that keeps the order of names and values that follow each other. */
  static Map<String, String> inOrder(String... namesAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
