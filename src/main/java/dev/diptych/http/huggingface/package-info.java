/** Hugging Face's tasks of encoders, each with its endpoint: {@code /fill-mask} and others. */
@NullMarked
package dev.diptych.http.huggingface;

import org.jspecify.annotations.NullMarked;
