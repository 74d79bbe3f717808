package dev.diptych.sampling.constraint;

import dev.diptych.tokenization.TokenBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * A vocabulary of every byte, common pieces of JSON, random pieces of bytes that need not be whole
 * characters, an end, and a special token.
 */
final class SmallVocabulary {

  static final int END = 256;
  static final int CALL = 257;
  private static final int LARGEST_PIECE = 12;

  private final List<byte[]> pieces = new ArrayList<>();
  final TokenBytes bytes;
  final Constraints constraints;

  SmallVocabulary(long seed, int randomPieces) {
    for (int b = 0; b < 256; b++) {
      pieces.add(new byte[] {(byte) b});
    }
    pieces.add(new byte[0]);
    pieces.add(new byte[0]);
    for (String common :
        List.of(
            "\":", "\": ", "\",", "\", \"", "\":\"", "{\"", "\"}", "\"]", "[\"", "}}", "],", "[]",
            "{}", "true", "false", "null", "\n  ", "\n", "  ", "the", " and", "10", "00", "123",
            "-1", ".5", "2024-", "é", "ü", "日本", "😀", "\\\"", "\\n", "\\u00", "a1", "abc")) {
      pieces.add(common.getBytes(StandardCharsets.UTF_8));
    }
    Random random = new Random(seed);
    while (pieces.size() < 300 + randomPieces) {
      ByteArrayOutputStream piece = new ByteArrayOutputStream();
      for (int parts = 2 + random.nextInt(2); parts > 0; parts--) {
        piece.writeBytes(pieces.get(anyPiece(random)));
      }
      if (piece.size() <= LARGEST_PIECE) {
        pieces.add(piece.toByteArray());
      }
    }
    byte[][] table = pieces.toArray(byte[][]::new);
    bytes = new TokenBytes(withoutEmpty(table), Map.of("<end>", END, "<call>", CALL));
    constraints = new Constraints(bytes, Set.of(END));
  }

  /* Bytes of letters more often than of control characters. */
  private int anyPiece(Random random) {
    return random.nextBoolean() ? 'a' + random.nextInt(26) : random.nextInt(pieces.size());
  }

  @SuppressWarnings("NullAway") // null is what the table has for tokens without bytes
  private static byte[][] withoutEmpty(byte[][] table) {
    byte[][] result = table.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i].length == 0 ? null : result[i];
    }
    return result;
  }

  ConstraintState start(Constraint constraint) {
    return constraints.compile(constraint).start();
  }

  /** Whether a text fits whole, byte by byte. */
  boolean fits(Constraint constraint, String text) {
    ConstraintState state = start(constraint);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (!state.mask().allows(b & 0xFF)) {
        return false;
      }
      state.accept(b & 0xFF);
    }
    return state.isComplete();
  }

  /**
   * A complete text of random tokens: after so many of them the shortest way to an end is taken.
   */
  String random(Constraint constraint, Random random, int tokens) {
    ConstraintState state = start(constraint);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      if (state.isFinished() || (state.isComplete() && (i >= tokens || random.nextInt(8) == 0))) {
        return text.toString(StandardCharsets.UTF_8);
      }
      int token = i < tokens ? any(state, random) : shortest(state);
      if (token == END) {
        return text.toString(StandardCharsets.UTF_8);
      }
      state.accept(token);
      text.writeBytes(Objects.requireNonNull(bytes.of(token)));
    }
    throw new AssertionError("no end after " + text.size() + " bytes");
  }

  private int any(ConstraintState state, Random random) {
    Mask mask = state.mask();
    int chosen = random.nextInt(mask.count());
    for (int token = 0; ; token++) {
      if (mask.allows(token) && chosen-- == 0) {
        return token;
      }
    }
  }

  private int shortest(ConstraintState state) {
    Mask mask = state.mask();
    int best = -1;
    int fewest = Integer.MAX_VALUE;
    for (int token = 0; token < 256; token++) {
      if (mask.allows(token)) {
        ConstraintState after = state.copy();
        after.accept(token);
        if (after.bytesToComplete() < fewest) {
          fewest = after.bytesToComplete();
          best = token;
        }
      }
    }
    return best;
  }
}
