package dev.diptych.tokenization;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diptych.checkpoint.InvalidCheckpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** SentencePiece's table of characters and what they become, as {@code tokenizer.json} has it. */
final class PrecompiledCharacters {

  /*
   * The size of a double-array trie in bytes, the trie, and the texts that its leaves point into,
   * each ended by a zero. Of a unit that is no leaf, bits 10 to 30 are the offset of its children,
   * times 256 where bit 9 is set, and bit 8 says that its first child is a leaf. The library follows
   * all of it without looking where it leads.
   */

  private static final int LEAF = 1 << 31;
  private static final int HAS_LEAF = 1 << 8;
  private static final int FAR = 1 << 9;

  private PrecompiledCharacters() {}

  /** Checks that no unit leads out of the table. */
  static void check(String base64) throws InvalidCheckpoint {
    ByteBuffer table = decode(base64).order(ByteOrder.LITTLE_ENDIAN);
    int bytes = table.remaining() < Integer.BYTES ? -1 : table.getInt();
    if (bytes < Integer.BYTES || bytes % Integer.BYTES != 0 || bytes > table.remaining()) {
      throw broken();
    }
    IntBuffer trie =
        table.slice(table.position(), bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    ByteBuffer texts = table.slice(table.position() + bytes, table.remaining() - bytes);
    requireUtf8(texts.duplicate());
    for (int at = 0; at < trie.limit(); at++) {
      int unit = trie.get(at);
      if ((unit & LEAF) != 0) {
        continue;
      }
      int children = at ^ (unit >>> 10) << ((unit & FAR) >>> 6);
      if (children < 0 || (children | 0xFF) >= trie.limit()) {
        throw broken();
      }
      if ((unit & HAS_LEAF) != 0) {
        requireCharacter(texts, trie.get(children) & ~LEAF);
      }
    }
  }

  private static ByteBuffer decode(String base64) throws InvalidCheckpoint {
    try {
      return ByteBuffer.wrap(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException _) {
      throw broken();
    }
  }

  private static void requireUtf8(ByteBuffer texts) throws InvalidCheckpoint {
    try {
      UTF_8.newDecoder().decode(texts);
    } catch (CharacterCodingException _) {
      throw broken();
    }
  }

  private static void requireCharacter(ByteBuffer texts, int at) throws InvalidCheckpoint {
    if (at >= texts.limit() || (texts.get(at) & 0xC0) == 0x80) {
      throw broken();
    }
  }

  private static InvalidCheckpoint broken() {
    return TokenizerDefinition.invalid("the `precompiled_charsmap` of a normalizer is broken");
  }
}
