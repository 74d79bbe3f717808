package dev.diptych.kernel;

/** The last operand of a vector instruction. */
sealed interface Operand permits Zmm, Memory {}
