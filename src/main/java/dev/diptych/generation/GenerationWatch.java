package dev.diptych.generation;

import dev.diptych.DiptychException;

/** Who is told what a decoder does. What it is told it takes at once, on whatever thread. */
public interface GenerationWatch {

  /** Nobody. */
  GenerationWatch NONE =
      new GenerationWatch() {

        private static final Follower NOBODY =
            new Follower() {
              @Override
              public void refused(DiptychException reason) {}

              @Override
              public void ended(GenerationReport report) {}
            };

        @Override
        public void begins(long cacheTokens) {}

        @Override
        public Follower follow() {
          return NOBODY;
        }

        @Override
        public void stepped(
            int promptTokens, int sequences, int drafted, int accepted, long nanoseconds) {}

        @Override
        public void changed(int running, int waiting, long reservedTokens) {}
      };

  /** Who is told what becomes of one request, once. */
  interface Follower {

    /** It was refused before it had a place in line; on its caller's thread. */
    void refused(DiptychException reason);

    /** It has ended; before its caller is told. */
    void ended(GenerationReport report);
  }

  /**
   * An engine begins.
   *
   * @param cacheTokens most tokens that all running sequences may come to
   */
  void begins(long cacheTokens);

  /** A request has come; on its caller's thread. */
  Follower follow();

  /**
   * A step was computed; on the engine's thread.
   *
   * @param promptTokens tokens of prompts in it
   * @param sequences sequences that went on in it, each with one token and a draft
   * @param drafted tokens of all drafts
   * @param accepted tokens of drafts that proved right
   */
  void stepped(int promptTokens, int sequences, int drafted, int accepted, long nanoseconds);

  /**
   * What is going on now; on the engine's thread.
   *
   * @param running answers with a place in the cache
   * @param waiting answers without one
   * @param reservedTokens what the running ones may come to
   */
  void changed(int running, int waiting, long reservedTokens);
}
