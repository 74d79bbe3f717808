/**
 * Measures the service over HTTP beside its peers, in alternating rounds. It sees the service only
 * through its endpoints, as any client does.
 */
@NullMarked
package dev.diptych.bench;

import org.jspecify.annotations.NullMarked;
