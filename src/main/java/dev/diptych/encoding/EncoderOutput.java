package dev.diptych.encoding;

import java.time.Duration;

/**
 * What a forward pass gave for one input.
 *
 * <p>The arrays are not copied.
 *
 * @param values shaped as the {@link EncoderTask} says
 * @param queueTime from arrival until its batch began
 * @param inferenceTime how long its batch took
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncoderOutput(float[][] values, Duration queueTime, Duration inferenceTime) {}
