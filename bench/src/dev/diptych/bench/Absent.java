package dev.diptych.bench;

/**
 * A peer that could not take part.
 *
 * @param reason what was missing
 */
record Absent(String name, String reason) {}
