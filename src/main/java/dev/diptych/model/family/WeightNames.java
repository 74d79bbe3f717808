package dev.diptych.model.family;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where checkpoints of a family keep the tensors of a blueprint.
 *
 * @param slots what stands for each slot, in the order of preference; a {@code {}} is the number of
 *     a layer, and a slot without ending stands for its weight and its bias
 * @param unused tensors of the family that nothing here needs
 */
public record WeightNames(Map<String, List<Stored>> slots, Pattern unused) {

  private static final Pattern LAYER = Pattern.compile("layer\\.(\\d+)\\.");

  /* Old conversions of TensorFlow's releases kept its names for the two parameters of a norm. */
  private static final Map<String, String> OLD_ENDS = Map.of(".weight", ".gamma", ".bias", ".beta");

  /**
   * A tensor in a checkpoint, or a part of one.
   *
   * @param alias whether it may stand there beside others for the same slot
   */
  public record Stored(String name, Part part, boolean alias) {

    private Stored named(String other) {
      return new Stored(other, part, alias);
    }
  }

  public WeightNames {
    slots = Map.copyOf(slots);
  }

  /** Names of a model that lies under one of these prefixes, the usual one first. */
  public static Builder under(String... prefixes) {
    return new Builder(List.of(prefixes));
  }

  /**
   * What may stand for a slot, in the order of preference.
   *
   * @throws IllegalArgumentException if the family does not know the slot
   */
  public List<Stored> of(String slot) {
    Matcher layer = LAYER.matcher(slot);
    boolean ofLayer = layer.lookingAt();
    String general = ofLayer ? "layer.{}." + slot.substring(layer.end()) : slot;
    String number = ofLayer ? layer.group(1) : "";
    String end = general.substring(general.lastIndexOf('.'));
    List<Stored> known = slots.get(general);
    String suffix = "";
    if (known == null) {
      known = slots.get(general.substring(0, general.length() - end.length()));
      suffix = end;
    }
    if (known == null) {
      throw new IllegalArgumentException("the family has no name for the slot " + slot);
    }
    Set<Stored> found = new LinkedHashSet<>();
    for (Stored stored : known) {
      found.add(stored.named(stored.name().replace("{}", number) + suffix));
    }
    for (Stored stored : List.copyOf(found)) {
      OLD_ENDS.forEach(
          (now, old) -> {
            if (stored.name().endsWith(now)) {
              String stem = stored.name().substring(0, stored.name().length() - now.length());
              found.add(stored.named(stem + old));
            }
          });
    }
    return List.copyOf(found);
  }

  /** Collects names, slot by slot. */
  public static final class Builder {

    private final List<String> prefixes;
    private final Map<String, List<Stored>> slots = new LinkedHashMap<>();
    private Pattern unused = Pattern.compile("(?!)");

    private Builder(List<String> prefixes) {
      this.prefixes = prefixes;
    }

    /**
     * A slot under the model's prefixes, instead of what it was; a name that is not the first one
     * is an older one.
     */
    public Builder slot(String slot, String... names) {
      slots.remove(slot);
      for (String name : names) {
        addUnderPrefixes(slot, name, new Part.Whole());
      }
      return this;
    }

    /** A slot that is a part of a tensor under the model's prefixes, instead of what it was. */
    public Builder part(String slot, String name, Part part) {
      slots.remove(slot);
      addUnderPrefixes(slot, name, part);
      return this;
    }

    /** A part of a tensor that may stand for a slot in the place of what else may. */
    public Builder orPart(String slot, String name, Part part) {
      addUnderPrefixes(slot, name, part);
      return this;
    }

    /** A slot beside the model: its name has no prefix, and it may have several at once. */
    public Builder head(String slot, String... names) {
      for (String name : names) {
        add(slot, new Stored(name, new Part.Whole(), true));
      }
      return this;
    }

    /** Names of tensors that nothing here needs, as a regular expression. */
    public Builder unused(String names) {
      unused = Pattern.compile(names);
      return this;
    }

    private void addUnderPrefixes(String slot, String name, Part part) {
      for (String prefix : prefixes) {
        add(slot, new Stored(prefix + name, part, false));
      }
    }

    private void add(String slot, Stored stored) {
      slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(stored);
    }

    public WeightNames build() {
      return new WeightNames(slots, unused);
    }
  }
}
