/** The HTTP dialects, one package each; nothing below them knows HTTP. */
@NullMarked
package dev.diptych.http;

import org.jspecify.annotations.NullMarked;
