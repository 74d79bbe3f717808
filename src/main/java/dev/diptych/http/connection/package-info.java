/** Connections and what holds for every request before a dialect sees it. */
@NullMarked
package dev.diptych.http.connection;

import org.jspecify.annotations.NullMarked;
