/** The dialect of OpenAI: everything under {@code /v1}. */
@NullMarked
package dev.diptych.http.openai;

import org.jspecify.annotations.NullMarked;
