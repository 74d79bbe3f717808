package dev.diptych.generation;

/**
 * A token of a text and where it lies in it.
 *
 * @param text what it covers; empty where it completes no character
 * @param start characters before it
 * @param stop characters up to its end
 */
public record PlacedToken(int id, String text, int start, int stop) {}
