package dev.diptych.encoding;

import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.Progress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one batch through the model and hands each entry its part of the result. */
final class ForwardPass {

  private static final Logger log = LoggerFactory.getLogger(ForwardPass.class);

  private final String name;
  private final EncoderModel model;
  private final Progress progress;
  private final EncodingWatch watch;

  ForwardPass(String name, EncoderModel model, Progress progress, EncodingWatch watch) {
    this.name = name;
    this.model = model;
    this.progress = progress;
    this.watch = watch;
  }

  /** Answers every entry; a batch that fails is repeated one by one, to fail only the culprits. */
  void run(List<Entry> batch) {
    try {
      compute(batch);
    } catch (Throwable e) {
      log.warn("{}: a forward pass over {} inputs failed: {}", name, batch.size(), e.toString());
      if (batch.size() == 1) {
        batch.getFirst().fail(new InferenceFailed("the forward pass failed: " + e.getMessage(), e));
      } else {
        batch.forEach(entry -> run(List.of(entry)));
      }
    }
  }

  private void compute(List<Entry> batch) {
    progress.goOn();
    long start = System.nanoTime();
    EncoderBatch inputs = concatenate(batch);
    float[][][] values =
        switch (batch.getFirst().task()) {
          case EncoderTask.Pooled(var poolings, int skipped) ->
              onePerInput(model.pooled(inputs, poolings, skipped));
          case EncoderTask.HiddenStates() -> onePerInput(model.hiddenStates(inputs));
          case EncoderTask.MaskedLanguageModel(), EncoderTask.NextToken() ->
              readLogits(batch, inputs);
          case EncoderTask.LargestLogits() -> readLargest(batch, inputs);
          case EncoderTask.TextLogits() -> onePerInput(model.textLogits(inputs));
          case EncoderTask.TokenLogits() -> onePerInput(model.tokenLogits(inputs));
        };
    Duration inference = Duration.ofNanos(System.nanoTime() - start);
    watch.computed(batch.getFirst().task(), inputs.inputs(), inputs.tokens(), inference.toNanos());
    for (int i = 0; i < batch.size(); i++) {
      Duration queue = Duration.ofNanos(start - batch.get(i).arrival());
      batch.get(i).complete(new EncoderOutput(values[i], queue, inference));
    }
  }

  private static EncoderBatch concatenate(List<Entry> batch) {
    int[] offsets = new int[batch.size() + 1];
    for (int i = 0; i < batch.size(); i++) {
      offsets[i + 1] = offsets[i] + batch.get(i).input().tokens();
    }
    int[] tokenIds = new int[offsets[batch.size()]];
    int[] typeIds = new int[tokenIds.length];
    for (int i = 0; i < batch.size(); i++) {
      EncoderInput input = batch.get(i).input();
      System.arraycopy(input.tokenIds(), 0, tokenIds, offsets[i], input.tokens());
      System.arraycopy(input.typeIds(), 0, typeIds, offsets[i], input.tokens());
    }
    return new EncoderBatch(tokenIds, typeIds, offsets);
  }

  private static float[][][] onePerInput(float[][] values) {
    return Arrays.stream(values).map(value -> new float[][] {value}).toArray(float[][][]::new);
  }

  private float[][][] readLogits(List<Entry> batch, EncoderBatch inputs) {
    int[] rows = new int[batch.stream().mapToInt(entry -> entry.input().rows().length).sum()];
    int next = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (int row : batch.get(i).input().rows()) {
        rows[next++] = inputs.offsets()[i] + row;
      }
    }
    float[][] logits = model.maskedLanguageModelLogits(inputs, rows); // [rows][vocabulary]
    next = 0;
    for (Entry entry : batch) {
      int count = entry.input().rows().length;
      read(entry, logits, next, count);
      next += count;
    }
    return new float[batch.size()][0][];
  }

  private float[][][] readLargest(List<Entry> batch, EncoderBatch inputs) {
    float[][] logits = model.largestLogits(inputs); // [inputs][vocabulary]
    for (int i = 0; i < batch.size(); i++) {
      read(batch.get(i), logits, i, 1);
    }
    return new float[batch.size()][0][];
  }

  /** Hands an entry its rows; a reader that refuses them fails this entry alone. */
  private static void read(Entry entry, float[][] logits, int first, int count) {
    try {
      for (int row = 0; row < count; row++) {
        entry.input().reader().read(row, logits[first + row]);
      }
    } catch (DiptychException e) {
      entry.fail(e);
    }
  }
}
