/** Measures how much memory the service takes with each of its models in each precision. */
@NullMarked
package dev.diptych.bench.memory;

import org.jspecify.annotations.NullMarked;
