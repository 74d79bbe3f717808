/** What an encoder with a head is used for: one class for each task. */
@NullMarked
package dev.diptych.tasks;

import org.jspecify.annotations.NullMarked;
