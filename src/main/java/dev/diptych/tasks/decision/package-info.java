/** Questions about a text with a given set of answers, put to decoders and to encoders. */
@NullMarked
package dev.diptych.tasks.decision;

import org.jspecify.annotations.NullMarked;
