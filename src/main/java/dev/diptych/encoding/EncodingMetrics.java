package dev.diptych.encoding;

import java.time.Duration;

/**
 * What a request cost.
 *
 * @param characters code points of all texts together
 * @param tokens tokens computed, special tokens included
 * @param total from the start of the request to its result
 * @param tokenization mean per input
 * @param queue mean per input
 * @param inference mean per input
 */
public record EncodingMetrics(
    int characters,
    int tokens,
    Duration total,
    Duration tokenization,
    Duration queue,
    Duration inference) {}
