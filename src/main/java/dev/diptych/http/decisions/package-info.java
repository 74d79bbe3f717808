/**
 * Questions with a given set of answers: {@code /v1/systemone} as TypeSafe's System One has it, and
 * {@code /compare}, which puts them to both halves.
 */
@NullMarked
package dev.diptych.http.decisions;

import org.jspecify.annotations.NullMarked;
