/** Server-sent events on the request's own virtual thread. */
@NullMarked
package dev.diptych.http.streaming;

import org.jspecify.annotations.NullMarked;
