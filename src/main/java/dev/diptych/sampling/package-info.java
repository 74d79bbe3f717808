/** From logits to a token: parameters, processors and the sampler. Pure Java. */
@NullMarked
package dev.diptych.sampling;

import org.jspecify.annotations.NullMarked;
