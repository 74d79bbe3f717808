/** Loads the service with everything at once for a long time and watches its memory. */
@NullMarked
package dev.diptych.bench.soak;

import org.jspecify.annotations.NullMarked;
