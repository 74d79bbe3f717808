/** Hugging Face's fill-mask task: {@code /fill-mask}. */
@NullMarked
package dev.diptych.http.fillmask;

import org.jspecify.annotations.NullMarked;
