package dev.diptych.chat;

/**
 * How an answer is read.
 *
 * @param reasoning whether what the model thinks is told apart from what it says
 * @param live whether the arguments of calls are given while they are written, also where they may
 *     turn out to be no JSON
 */
public record Reading(boolean reasoning, boolean live) {

  /** Reasoning apart, and calls only when they are whole. */
  public static final Reading USUAL = new Reading(true, false);
}
