/** Measures what heads of encoders cost beside vectors of the same size. */
@NullMarked
package dev.diptych.bench.heads;

import org.jspecify.annotations.NullMarked;
