/** Which models there are in memory, and how they come there and leave it. */
@NullMarked
package dev.diptych.http.models;

import org.jspecify.annotations.NullMarked;
