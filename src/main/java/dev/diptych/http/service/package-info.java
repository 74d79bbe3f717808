/**
 * What concerns the service as a whole: {@code /info}, {@code /health}, the API description and the
 * limits of a request.
 */
@NullMarked
package dev.diptych.http.service;

import org.jspecify.annotations.NullMarked;
