/**
 * The encoders' engine: token-budget batches, embeddings and fill-mask. Knows neither HTTP nor DJL.
 */
@NullMarked
package dev.diptych.encoding;

import org.jspecify.annotations.NullMarked;
