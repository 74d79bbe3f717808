/**
 * Texts that hold a shape: choices, regular expressions and JSON schemas as sets of tokens that may
 * come next. Pure Java.
 */
@NullMarked
package dev.diptych.sampling.constraint;

import org.jspecify.annotations.NullMarked;
