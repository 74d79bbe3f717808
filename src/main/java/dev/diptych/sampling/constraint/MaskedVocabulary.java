package dev.diptych.sampling.constraint;

import static java.util.Objects.requireNonNull;

import dev.diptych.tokenization.TokenBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A vocabulary, sorted so that the tokens that may come next are found fast. */
final class MaskedVocabulary {

  /*
   * Most tokens are whole characters that stand for themselves in a JSON string. Where so many of
   * any such characters may follow, the tokens that are no longer come from a table, and only the
   * others are walked through.
   */

  private static final int[] RUNS = {0, 4, 8, 16, 32};
  private static final int MOST_STATES_OF_A_RUN = 8;
  private static final int NOT_PLAIN = Integer.MAX_VALUE;

  private record Layer(int run, Mask plain, TokenTrie others) {}

  private final TokenBytes tokens;
  private final Set<Integer> ends;
  private final List<Layer> layers = new ArrayList<>();
  private final BitSet spelled = new BitSet();

  /**
   * Sorts a vocabulary.
   *
   * @param ends the tokens that end a text
   */
  MaskedVocabulary(TokenBytes tokens, Set<Integer> ends) {
    this.tokens = tokens;
    this.ends = Set.copyOf(ends);
    int[] lengths = new int[tokens.size()];
    BitSet texts = new BitSet();
    for (int id = 0; id < tokens.size(); id++) {
      byte[] bytes = tokens.of(id);
      if (bytes != null && bytes.length > 0 && !ends.contains(id)) {
        texts.set(id);
        if (bytes.length == 1) {
          spelled.set(bytes[0] & 0xFF);
        }
      }
    }
    texts.stream().forEach(id -> lengths[id] = plainCharacters(requireNonNull(tokens.of(id))));
    for (int run : RUNS) {
      Mask plain = new Mask(tokens.size());
      texts.stream().filter(id -> lengths[id] <= run).forEach(plain::add);
      int[] others = texts.stream().filter(id -> lengths[id] > run).toArray();
      layers.add(new Layer(run, plain, new TokenTrie(tokens, others)));
    }
  }

  private int plainCharacters(byte[] bytes) {
    for (byte b : bytes) {
      if ((b >= 0 && b < ' ') || b == '"' || b == '\\' || !spelled.get(b & 0xFF)) {
        return NOT_PLAIN;
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.codePointCount(0, text.length());
    } catch (CharacterCodingException _) {
      return NOT_PLAIN;
    }
  }

  TokenBytes tokens() {
    return tokens;
  }

  boolean isEnd(int token) {
    return ends.contains(token);
  }

  /** The bytes that are tokens by themselves. */
  BitSet spelled() {
    return spelled;
  }

  /** The tokens that may come next. */
  Mask mask(Pushdown pushdown, Configuration configuration) {
    pushdown.begin();
    int run = plainRun(pushdown, configuration);
    Layer layer = layers.getFirst();
    for (Layer candidate : layers) {
      layer = candidate.run <= run ? candidate : layer;
    }
    Mask mask = layer.plain.copy();
    if (configuration.frames.length > 0) {
      layer.others.collect(pushdown, configuration, mask);
      pushdown.specials(configuration).forEach(mask::add);
    }
    if (configuration.complete) {
      ends.forEach(mask::add);
    }
    return mask;
  }

  /* How many of any plain characters may follow, up to the longest run of the layers. */
  private static int plainRun(Pushdown pushdown, Configuration configuration) {
    if (!configuration.plainRunIsKnown()) {
      int run = 0;
      Set<Configuration> reached = Set.of(configuration);
      while (run < RUNS[RUNS.length - 1] && reached.size() <= MOST_STATES_OF_A_RUN) {
        Set<Configuration> next = afterPlain(pushdown, reached);
        if (next.isEmpty()) {
          break;
        }
        run = next.equals(reached) ? RUNS[RUNS.length - 1] : run + 1;
        reached = next;
      }
      configuration.plainRun = run;
    }
    return configuration.plainRun;
  }

  private static Set<Configuration> afterPlain(Pushdown pushdown, Set<Configuration> from) {
    Set<Configuration> all = new HashSet<>();
    for (Configuration configuration : from) {
      Set<Configuration> after = configuration.afterPlain;
      if (after == null) {
        after = afterPlain(pushdown, configuration);
        configuration.afterPlain = after;
      }
      if (after.isEmpty()) {
        return Set.of();
      }
      all.addAll(after);
    }
    return all;
  }

  /* Where any plain character leads; empty if one leads nowhere. */
  private static Set<Configuration> afterPlain(Pushdown pushdown, Configuration from) {
    Set<Configuration> all = new HashSet<>();
    for (ByteClasses.Sequence character : pushdown.classes().plain()) {
      Set<Configuration> reached = Set.of(from);
      for (int[] classes : character.classes()) {
        Set<Configuration> next = new HashSet<>();
        for (Configuration configuration : reached) {
          for (int byteClass : classes) {
            Configuration after = pushdown.after(configuration, byteClass);
            if (after.isDead()) {
              return Set.of();
            }
            next.add(after);
          }
        }
        reached = next;
      }
      all.addAll(reached);
    }
    return Set.copyOf(all);
  }
}
