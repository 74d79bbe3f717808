/** What a Transformer consists of, as data that every backend reads: no tensors, no behaviour. */
@NullMarked
package dev.diptych.model.blueprint;

import org.jspecify.annotations.NullMarked;
