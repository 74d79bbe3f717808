/**
 * The ports between the engines and what runs a model, what config.json says, and the registry of
 * what is served.
 */
@NullMarked
package dev.diptych.model;

import org.jspecify.annotations.NullMarked;
