/**
 * The families of models, one file each: what a checkpoint of the family says in config.json
 * becomes a blueprint, and its tensors get the names that backends know.
 */
@NullMarked
package dev.diptych.model.family;

import org.jspecify.annotations.NullMarked;
