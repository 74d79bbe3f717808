/** The dialect of text-embeddings-inference: {@code /embed}, {@code /embed_all} and others. */
@NullMarked
package dev.diptych.http.embed;

import org.jspecify.annotations.NullMarked;
