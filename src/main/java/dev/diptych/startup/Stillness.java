package dev.diptych.startup;

import dev.diptych.model.Progress;

/** For how long a thread has been at the same piece of work, by the number of looks at it. */
final class Stillness {

  private final Progress progress;
  private long marks;
  private long looks;

  Stillness(Progress progress) {
    this.progress = progress;
  }

  /** Looks once more: how many looks before this one have seen the same work. */
  long look() {
    long now = progress.marks();
    looks = now % 2 == 1 && now == marks ? looks + 1 : 0;
    marks = now;
    return looks;
  }
}
