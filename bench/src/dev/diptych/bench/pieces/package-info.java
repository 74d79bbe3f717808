/**
 * Measures single pieces of the service with JMH, in a JVM of their own for each piece. It calls
 * their Java interfaces, without HTTP.
 */
@NullMarked
package dev.diptych.bench.pieces;

import org.jspecify.annotations.NullMarked;
