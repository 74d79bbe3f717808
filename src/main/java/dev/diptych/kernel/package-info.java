/**
 * A decode step as machine code for AVX512-VNNI, assembled when a model is loaded: int8 products at
 * the speed of the memory, and the small operators between them. JDK only.
 */
@NullMarked
package dev.diptych.kernel;

import org.jspecify.annotations.NullMarked;
