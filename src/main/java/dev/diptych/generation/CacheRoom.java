package dev.diptych.generation;

/** How many tokens a decoder's cache may have room for, which others have a say in. */
interface CacheRoom {

  /** Most tokens now, which may be fewer than there is room for. */
  long most();

  /** Its part if all decoders have equal ones. */
  long fair();

  /** Has room for at least so many tokens from now on; false if it may not. */
  boolean take(long tokens);

  /** Has room for exactly so many tokens, not more than before. */
  void keep(long tokens);

  /**
   * Waits for room for so many tokens.
   *
   * @param computes whether there are sequences to compute meanwhile
   */
  void ask(long tokens, boolean computes);

  /** Waits no longer. */
  void leave();

  /** Always room for so many tokens. */
  static CacheRoom of(long tokens) {
    return new CacheRoom() {
      @Override
      public long most() {
        return tokens;
      }

      @Override
      public long fair() {
        return tokens;
      }

      @Override
      public boolean take(long more) {
        return more <= tokens;
      }

      @Override
      public void keep(long fewer) {}

      @Override
      public void ask(long more, boolean computes) {}

      @Override
      public void leave() {}
    };
  }

  /**
   * Room in the memory of all decoders.
   *
   * @param bytesPerToken of this decoder
   */
  static CacheRoom in(KeyValueMemory.Share share, long bytesPerToken) {
    return new CacheRoom() {
      @Override
      public long most() {
        return share.most() / bytesPerToken;
      }

      @Override
      public long fair() {
        return share.fair() / bytesPerToken;
      }

      @Override
      public boolean take(long tokens) {
        return share.take(tokens * bytesPerToken);
      }

      @Override
      public void keep(long tokens) {
        share.keep(tokens <= CacheShape.LEAST.tokens() ? 0 : tokens * bytesPerToken);
      }

      @Override
      public void ask(long tokens, boolean computes) {
        share.ask(tokens * bytesPerToken, computes);
      }

      @Override
      public void leave() {
        share.leave();
      }
    };
  }
}
