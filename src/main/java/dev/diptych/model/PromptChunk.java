package dev.diptych.model;

/**
 * A part of a prompt, to be computed behind the part that is cached.
 *
 * @param slot of the cache
 * @param start position of the first token; the positions before it are cached
 * @param tokens ids, at least one
 * @param rows how many of the last tokens to return logits for
 */
@SuppressWarnings("ArrayRecordComponent")
public record PromptChunk(int slot, int start, int[] tokens, int rows) {}
