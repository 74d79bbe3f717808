/** The dialect of text-generation-inference: {@code /generate} and {@code /generate_stream}. */
@NullMarked
package dev.diptych.http.generate;

import org.jspecify.annotations.NullMarked;
