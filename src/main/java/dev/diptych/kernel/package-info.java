/**
 * Forward passes as machine code for AVX512-VNNI, assembled when a model is loaded: int8 products
 * at the speed of memory or of the cores, and all that is between them. JDK only.
 */
@NullMarked
package dev.diptych.kernel;

import org.jspecify.annotations.NullMarked;
