package dev.diptych.sampling.constraint;

import dev.diptych.sampling.constraint.Configuration.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text by a grammar, byte by byte, following all readings at once. What it finds out is
 * kept, up to a bound. One thread at a time.
 */
final class Pushdown {

  /*
   * The configurations are those of a pushdown automaton whose choices are followed together; each
   * is made when it is first reached. Too many readings at once are cut: what is left is still a
   * beginning of what fits.
   */

  private static final int MOST_FRAMES = 10_000;
  private static final int MOST_CONFIGURATIONS = 2_000;
  private static final int MOST_READINGS = 100;
  private static final int MOST_WORK = 100_000; // readings followed for one mask, some 20 ms

  private record FrameKey(int state, int parent) {}

  private record ConfigurationKey(List<Integer> frames, boolean complete) {}

  private final Grammar grammar;
  private final ByteClasses classes;
  private final Map<FrameKey, Frame> frames = new HashMap<>();
  private final Map<ConfigurationKey, Configuration> configurations = new HashMap<>();
  private int generation;
  private int work;
  private int frameIds;

  /**
   * A reader that has read nothing.
   *
   * @param spelled the bytes that a text may have
   */
  Pushdown(Grammar grammar, BitSet spelled) {
    this.grammar = grammar;
    this.classes = new ByteClasses(grammar, spelled);
  }

  ByteClasses classes() {
    return classes;
  }

  /** Where every text begins. */
  Configuration start() {
    return closed(List.of(frame(grammar.start(), null)));
  }

  /** Where a byte of this class leads, possibly nowhere. */
  Configuration after(Configuration from, int byteClass) {
    if (from.frames.length == 0) {
      return Configuration.DEAD;
    }
    Configuration known = from.next[byteClass];
    if (known == null) {
      known = step(from, classes.representative(byteClass));
      from.next[byteClass] = known;
    }
    return known;
  }

  /** Where bytes lead, possibly nowhere. */
  Configuration after(Configuration from, byte[] bytes) {
    Configuration current = from;
    for (byte b : bytes) {
      current = after(current, classes.of(b & 0xFF));
    }
    return current;
  }

  /** Where a special token leads, possibly nowhere. */
  Configuration afterSpecial(Configuration from, int token) {
    List<Frame> reached = new ArrayList<>();
    for (Frame frame : from.frames) {
      for (Grammar.Special special : state(frame).specials()) {
        if (special.token() == token) {
          reached.add(frame(special.target(), frame.parent()));
        }
      }
    }
    return reached.isEmpty() ? Configuration.DEAD : closed(reached);
  }

  /** The special tokens that may come next. */
  Set<Integer> specials(Configuration configuration) {
    Set<Integer> tokens = new HashSet<>();
    for (Frame frame : configuration.frames) {
      for (Grammar.Special special : state(frame).specials()) {
        tokens.add(special.token());
      }
    }
    return tokens;
  }

  /** The same configuration in the current memory, so that an older one can be forgotten. */
  Configuration kept(Configuration configuration) {
    if (configuration.generation == generation || configuration.frames.length == 0) {
      return configuration;
    }
    Frame[] renewed = Arrays.stream(configuration.frames).map(this::renewed).toArray(Frame[]::new);
    return known(renewed, configuration.complete);
  }

  private Frame renewed(Frame frame) {
    Deque<Integer> states = new ArrayDeque<>();
    for (Frame f = frame; f != null; f = f.parent()) {
      states.push(f.state());
    }
    Frame made = null;
    for (int state : states) {
      made = frame(state, made);
    }
    return Objects.requireNonNull(made);
  }

  private Grammar.State state(Frame frame) {
    return grammar.states().get(frame.state());
  }

  /** What is kept takes of the heap, about. */
  long bytes() {
    return 100L * frames.size() + (150L + 4L * classes.count()) * configurations.size();
  }

  /** Begins to count the work. */
  void begin() {
    work = 0;
  }

  /** Whether so much has been done that only what must be known is worth it. */
  boolean isExhausted() {
    return work > MOST_WORK;
  }

  private Configuration step(Configuration from, int b) {
    work += from.frames.length;
    List<Frame> reached = new ArrayList<>(from.frames.length);
    for (Frame frame : from.frames) {
      int target = state(frame).after(b);
      if (target >= 0) {
        reached.add(frame(target, frame.parent()));
      }
    }
    return reached.isEmpty() ? Configuration.DEAD : closed(reached);
  }

  /* With the ends of rules and the calls of others followed until something can be read. */
  private Configuration closed(List<Frame> reached) {
    Deque<Frame> open = new ArrayDeque<>(reached);
    Set<Frame> seen = new HashSet<>(reached);
    List<Frame> reading = new ArrayList<>();
    boolean complete = false;
    while (!open.isEmpty()) {
      Frame frame = open.remove();
      Grammar.State state = state(frame);
      if (state.reads()) {
        reading.add(frame);
      }
      if (state.accepts()) {
        complete |= frame.parent() == null;
        visit(frame.parent(), open, seen);
      }
      for (Grammar.Call call : state.calls()) {
        Frame behind =
            grammar.states().get(call.target()).isEnd()
                ? frame.parent()
                : frame(call.target(), frame.parent());
        visit(frame(call.start(), behind), open, seen);
      }
    }
    if (reading.size() > MOST_READINGS) {
      reading.sort(Comparator.comparingInt(Frame::distance));
      reading = reading.subList(0, MOST_READINGS);
    }
    reading.sort(Comparator.comparingInt(Frame::id));
    return known(reading.toArray(Frame[]::new), complete);
  }

  private static void visit(@Nullable Frame frame, Deque<Frame> open, Set<Frame> seen) {
    if (frame != null && seen.add(frame)) {
      open.add(frame);
    }
  }

  private Frame frame(int state, @Nullable Frame parent) {
    FrameKey key = new FrameKey(state, parent == null ? 0 : parent.id());
    Frame known = frames.get(key);
    if (known == null) {
      long distance =
          (long) grammar.states().get(state).distance() + (parent == null ? 0 : parent.distance());
      known = new Frame(++frameIds, state, parent, (int) Math.min(distance, Grammar.UNREACHABLE));
      frames.put(key, known);
    }
    return known;
  }

  private Configuration known(Frame[] reading, boolean complete) {
    if (frames.size() > MOST_FRAMES || configurations.size() > MOST_CONFIGURATIONS) {
      frames.clear();
      configurations.clear();
      generation++;
    }
    ConfigurationKey key =
        new ConfigurationKey(Arrays.stream(reading).map(Frame::id).toList(), complete);
    return configurations.computeIfAbsent(
        key, _ -> new Configuration(reading, complete, generation, classes.count()));
  }
}
