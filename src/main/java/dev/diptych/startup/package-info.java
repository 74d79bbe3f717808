/**
 * Puts the pieces together: obtains, loads and warms up the model behind each endpoint and reports
 * how far it is.
 */
@NullMarked
package dev.diptych.startup;

import org.jspecify.annotations.NullMarked;
