/**
 * A budgeted interpreter for the Jinja templates that checkpoints bring. Depends on nothing but the
 * JDK and Jackson.
 */
@NullMarked
package dev.diptych.tokenization.template;

import org.jspecify.annotations.NullMarked;
