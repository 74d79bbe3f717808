package dev.diptych.tokenization;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of UTF-8 that each token of a vocabulary adds to a text. They may begin or end inside
 * of a character.
 */
public final class TokenBytes {

  private final byte[] @Nullable [] bytes;
  private final Map<String, Integer> special;

  /**
   * A table.
   *
   * @param bytes of each token, {@code [vocabulary]}; null for those that are no text, among them
   *     the special ones
   * @param special the special tokens by their names
   */
  public TokenBytes(byte[] @Nullable [] bytes, Map<String, Integer> special) {
    this.bytes = bytes.clone();
    this.special = new HashMap<>(special);
  }

  /** One more than the largest token id. */
  public int size() {
    return bytes.length;
  }

  /** What a token adds; null if it is no text. Not to be changed. */
  public byte @Nullable [] of(int id) {
    return bytes[id];
  }

  /** The special token of this name. */
  public OptionalInt special(String name) {
    Integer id = special.get(name);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The special tokens by their names. */
  public Map<String, Integer> special() {
    return Map.copyOf(special);
  }
}
