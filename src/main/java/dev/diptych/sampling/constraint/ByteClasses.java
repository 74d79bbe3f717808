package dev.diptych.sampling.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Bytes that a grammar does not tell apart, as one class. */
final class ByteClasses {

  /*
   * The classes are cut at the borders of UTF-8 too, so that what follows a first byte is the same
   * for all of its class.
   */

  /** A sequence of bytes that is a character beyond ASCII: for each place its classes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Sequence(int[][] classes) {}

  private static final int[][] MULTIBYTE = {
    {0xC2, 0xDF, 0x80, 0xBF},
    {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
    {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
    {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
    {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
  };

  private final int[] classOf = new int[256];
  private final int[] representatives;
  private final List<Sequence> plain = new ArrayList<>();

  /**
   * The classes of a grammar.
   *
   * @param spelled the bytes that it may have
   */
  ByteClasses(Grammar grammar, BitSet spelled) {
    BitSet firsts = new BitSet();
    firsts.set(0);
    addBorders(firsts, 0x20, 0x7F);
    addBorders(firsts, '"', '"');
    addBorders(firsts, '\\', '\\');
    for (int[] character : MULTIBYTE) {
      for (int i = 0; i < character.length; i += 2) {
        addBorders(firsts, character[i], character[i + 1]);
      }
    }
    for (int b = spelled.nextSetBit(0); b >= 0; b = spelled.nextSetBit(b + 1)) {
      addBorders(firsts, b, spelled.nextClearBit(b) - 1);
      b = spelled.nextClearBit(b);
    }
    for (Grammar.State state : grammar.states()) {
      for (Grammar.Range range : state.bytes()) {
        addBorders(firsts, range.first(), range.last());
      }
    }
    representatives = firsts.stream().filter(first -> first < 256).toArray();
    int current = -1;
    for (int b = 0; b < 256; b++) {
      current += firsts.get(b) ? 1 : 0;
      classOf[b] = current;
    }
    for (int representative : representatives) {
      boolean isPlain = representative != '"' && representative != '\\';
      if (isPlain
          && representative >= 0x20
          && representative < 0x80
          && spelled.get(representative)) {
        plain.add(new Sequence(new int[][] {{classOf[representative]}}));
      }
    }
    for (int[] character : MULTIBYTE) {
      int[][] classes = new int[character.length / 2][];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = between(character[2 * i], character[2 * i + 1], spelled);
      }
      if (Arrays.stream(classes).noneMatch(of -> of.length == 0)) {
        plain.add(new Sequence(classes));
      }
    }
  }

  private static void addBorders(BitSet firsts, int first, int last) {
    firsts.set(first);
    firsts.set(last + 1);
  }

  private int[] between(int first, int last, BitSet spelled) {
    return IntStream.rangeClosed(first, last)
        .filter(spelled::get)
        .map(b -> classOf[b])
        .distinct()
        .toArray();
  }

  int count() {
    return representatives.length;
  }

  int of(int b) {
    return classOf[b];
  }

  /** A byte of a class. */
  int representative(int byteClass) {
    return representatives[byteClass];
  }

  /** Characters that stand for themselves in a JSON string and can be spelled, by their classes. */
  List<Sequence> plain() {
    return plain;
  }
}
