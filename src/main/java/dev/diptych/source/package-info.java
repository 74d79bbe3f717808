/**
 * Where a model's files come from: the catalogue, the sources (Hub, package registries, folders)
 * and the on-disk store. Depends on {@code checkpoint} for imports.
 */
@NullMarked
package dev.diptych.source;

import org.jspecify.annotations.NullMarked;
