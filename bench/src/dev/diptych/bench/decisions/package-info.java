/** Asks both halves the questions of a small labelled set, and measures what deciding costs. */
@NullMarked
package dev.diptych.bench.decisions;

import org.jspecify.annotations.NullMarked;
