/**
 * Model files on disk: readers for safetensors, GGUF and TensorFlow checkpoints, and importers into
 * the one layout that the store holds. Depends on nothing but the JDK and Jackson.
 */
@NullMarked
package dev.diptych.checkpoint;

import org.jspecify.annotations.NullMarked;
