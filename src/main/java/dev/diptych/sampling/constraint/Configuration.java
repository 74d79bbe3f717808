package dev.diptych.sampling.constraint;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a text has come to: the places that the next byte may be read at, each with the rules that
 * it lies in. What is known of it is kept with it.
 */
final class Configuration {

  /** A place in a rule, and the places behind its calls. Each is there once. */
  static final class Frame { // no record, whose hash would go through all parents

    private final int id;
    private final int state;
    private final @Nullable Frame parent;
    private final int distance;

    /**
     * A place.
     *
     * @param id different for each
     * @param parent where it goes on when the rule ends; null at the end of all
     * @param distance fewest bytes to the end of all
     */
    Frame(int id, int state, @Nullable Frame parent, int distance) {
      this.id = id;
      this.state = state;
      this.parent = parent;
      this.distance = distance;
    }

    int id() {
      return id;
    }

    int state() {
      return state;
    }

    @Nullable Frame parent() {
      return parent;
    }

    int distance() {
      return distance;
    }
  }

  /** Nothing can be read and nothing has ended. */
  static final Configuration DEAD = new Configuration(new Frame[0], false, 0, 0);

  private static final int UNKNOWN = -1;

  final Frame[] frames;
  final boolean complete;
  final int generation;
  final @Nullable Configuration[] next;
  @Nullable Set<Configuration> afterPlain; // any plain character; empty if one leads nowhere
  int plainRun = UNKNOWN;
  @Nullable Mask mask;

  /**
   * A configuration.
   *
   * @param frames in order of their ids
   * @param complete whether the text may end here
   * @param generation of the memory that it is kept in
   */
  Configuration(Frame[] frames, boolean complete, int generation, int classes) {
    this.frames = frames;
    this.complete = complete;
    this.generation = generation;
    this.next = new @Nullable Configuration[frames.length == 0 ? 0 : classes];
  }

  boolean isDead() {
    return frames.length == 0 && !complete;
  }

  /** Whether the text is complete and cannot go on. */
  boolean isFinished() {
    return frames.length == 0 && complete;
  }

  boolean plainRunIsKnown() {
    return plainRun != UNKNOWN;
  }

  /** Fewest bytes with which the text is complete. */
  int distance() {
    return complete
        ? 0
        : Arrays.stream(frames).mapToInt(Frame::distance).min().orElse(Integer.MAX_VALUE);
  }
}
