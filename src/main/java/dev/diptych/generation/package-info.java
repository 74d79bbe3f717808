/**
 * The decoder's engine: the continuous-batching scheduler, the loop that runs it, and the handle a
 * caller holds. Knows neither HTTP nor DJL.
 */
@NullMarked
package dev.diptych.generation;

import org.jspecify.annotations.NullMarked;
