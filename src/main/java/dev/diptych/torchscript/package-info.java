/**
 * Runs models on libtorch: TorchScript sources as weightless archives, weights mapped by libtorch,
 * adapters to the ports of {@code model}. The only package besides {@code tokenization} that knows
 * DJL.
 */
@NullMarked
package dev.diptych.torchscript;

import org.jspecify.annotations.NullMarked;
