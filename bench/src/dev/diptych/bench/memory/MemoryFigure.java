package dev.diptych.bench.memory;

import dev.diptych.bench.ProcessMemory;

/**
 * The memory of a service that has one model.
 *
 * @param model its name
 * @param role what it answers
 * @param precision what it computes in
 * @param weights bytes of its files in the store; 0 if they lie elsewhere
 * @param ready when it could answer
 * @param used after its first requests
 */
record MemoryFigure(
    String model,
    String role,
    String precision,
    long weights,
    ProcessMemory ready,
    ProcessMemory used) {}
