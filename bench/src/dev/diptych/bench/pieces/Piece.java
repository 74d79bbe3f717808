package dev.diptych.bench.pieces;

import dev.diptych.generation.SchedulerBenchmark;
import java.util.List;

/**
 * A piece of the service that is measured alone.
 *
 * @param title what one call does, as the results name it
 * @param benchmark the class that measures it
 * @param method its method that makes one call
 */
record Piece(String title, Class<?> benchmark, String method) {

  /** All of them, in the order of the results. */
  static final List<Piece> ALL =
      List.of(
          new Piece("sampler, greedy", SamplerBenchmark.class, "greedy"),
          new Piece("sampler, temperature, top-k, top-p", SamplerBenchmark.class, "drawn"),
          new Piece("mask of a new place of a shape, 49152 tokens", MaskBenchmark.class, "fresh"),
          new Piece("mask of a known place, applied", MaskBenchmark.class, "known"),
          new Piece("scheduler, plan for 32 sequences", SchedulerBenchmark.class, "plan"),
          new Piece("streaming detokenizer, one token", TokenizerBenchmark.class, "stream"),
          new Piece("tokenizer, encode 128 tokens", TokenizerBenchmark.class, "encode"),
          new Piece("tokenizer, decode 128 tokens", TokenizerBenchmark.class, "decode"),
          new Piece("MiniLM's tokenizer, encode 128 tokens", WordPieceBenchmark.class, "encode"),
          new Piece(
              "MiniLM's tokenizer, the same with offsets",
              WordPieceBenchmark.class,
              "encodeWithOffsets"),
          new Piece("SmolLM2, decode step", DecodeStepBenchmark.class, "step"),
          new Piece("SmolLM2, prefill of 512 tokens", PrefillBenchmark.class, "prefill"),
          new Piece("MiniLM, 32 texts of 128 tokens", EmbeddingBenchmark.class, "batch"),
          new Piece("MiniLM, one text of 12 tokens", EmbeddingBenchmark.class, "shortText"),
          new Piece("BERT-base, one text of 12 tokens", FillMaskBenchmark.class, "fillMask"));

  /** The benchmark as JMH names it. */
  String benchmarkName() {
    return benchmark.getName() + "." + method;
  }
}
