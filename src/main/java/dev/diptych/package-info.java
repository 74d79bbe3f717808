/**
 * Diptych: a decoder that generates and an encoder that understands, served by one JVM. This
 * package holds the entry point, the settings, the exceptions that every other package throws, and
 * what DJL must be told before it is used; it depends on none of them.
 */
@NullMarked
package dev.diptych;

import org.jspecify.annotations.NullMarked;
