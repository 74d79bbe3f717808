/**
 * Sends the worst that is known to the service and watches what well-behaved clients feel of it.
 */
@NullMarked
package dev.diptych.bench.siege;

import org.jspecify.annotations.NullMarked;
