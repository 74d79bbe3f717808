package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.blueprint.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EncoderEngineTests {

  private static final EncoderTask POOLED = new EncoderTask.Pooled(Pooling.MEAN);
  private static final int POISON = 666;

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<EncoderEngine> engines = new ArrayList<>();

  @AfterEach
  void end() {
    callers.shutdownNow();
    engines.forEach(EncoderEngine::close);
  }

  @Test
  void computesLessAtOnceWhileOtherModelsWaitForTheEnd() throws Exception {
    int[] besideOthers = {512};
    FakeEncoder model =
        new FakeEncoder(100) {
          @Override
          public int maxTokensBesideOthers() {
            return besideOthers[0];
          }
        };
    EncoderEngine engine = engine(model, 100, 4096);
    List<EncoderInput> inputs =
        IntStream.range(0, 8).mapToObj(_ -> EncoderInput.of(new int[100])).toList();

    engine.encode(POOLED, inputs);
    besideOthers[0] = Integer.MAX_VALUE;
    engine.encode(POOLED, inputs);

    assertThat(model.batchSizes()).containsExactly(5, 3, 8);
  }

  @Test
  void answersEachInputAsIfItWereAloneWhateverArrivesWithIt() throws Exception {
    Random random = new Random(1);
    EncoderEngine engine = engine(new FakeEncoder(40), 10_000, 100);
    FakeEncoder alone = new FakeEncoder(40);
    List<EncoderTask> tasks = new ArrayList<>();
    List<List<EncoderInput>> requests = new ArrayList<>();
    List<Future<List<EncoderOutput>>> answers = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      EncoderTask task = task(random);
      List<EncoderInput> inputs =
          IntStream.range(0, 1 + random.nextInt(8)).mapToObj(_ -> input(task, random)).toList();
      tasks.add(task);
      requests.add(inputs);
      Future<List<EncoderOutput>> answer =
          callers.submit(
              () -> {
                try (Permits _ = engine.admit(inputs.size())) {
                  return engine.encode(task, inputs);
                }
              });
      answers.add(answer);
      if (random.nextInt(5) == 0) {
        answer.cancel(true);
      }
    }
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).isCancelled()) {
        continue;
      }
      List<EncoderOutput> outputs = answers.get(i).get();
      assertThat(outputs).hasSameSizeAs(requests.get(i));
      for (int j = 0; j < outputs.size(); j++) {
        float[][] expected = compute(alone, tasks.get(i), requests.get(i).get(j));
        float[][] given =
            tasks.get(i) instanceof EncoderTask.MaskedLanguageModel
                ? ((Rows) requests.get(i).get(j).reader()).read
                : outputs.get(j).values();
        assertThat(given).isDeepEqualTo(expected);
      }
    }
    callers.shutdown();
    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    engine.admit(10_000).close(); // every place is free again
  }

  @Test
  void formsABatchFromWhatArrivesWhileTheOneBeforeIsComputed() throws Exception {
    Gate gate = new Gate();
    FakeEncoder model = new FakeEncoder(10, gate);
    EncoderEngine engine = engine(model, 100, 1000);
    Future<List<EncoderOutput>> first =
        callers.submit(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[] {1}))));
    gate.awaitArrival();
    List<EncoderInput> three =
        IntStream.range(0, 3).mapToObj(id -> EncoderInput.of(new int[] {id})).toList();
    Future<List<EncoderOutput>> second = callers.submit(() -> engine.encode(POOLED, three));
    while (engine.waiting() < 3) {
      Thread.onSpinWait();
    }
    gate.open(2);

    first.get();
    assertThat(second.get()).hasSize(3);
    assertThat(model.batchSizes()).containsExactly(1, 3);
    assertThat(second.get().getFirst().queueTime()).isPositive();
  }

  @Test
  void failsOnlyTheInputThatTheModelCannotCompute() throws Exception {
    Gate gate = new Gate();
    FakeEncoder model =
        new FakeEncoder(
            10,
            batch -> {
              gate.accept(batch);
              if (Arrays.stream(batch.tokenIds()).anyMatch(id -> id == POISON)) {
                throw new IllegalStateException("no kernel");
              }
            });
    EncoderEngine engine = engine(model, 100, 1000);
    Future<List<EncoderOutput>> blocker = submit(engine, 1);
    gate.awaitArrival();
    Future<List<EncoderOutput>> before = submit(engine, 2);
    Future<List<EncoderOutput>> poisoned = submit(engine, POISON);
    Future<List<EncoderOutput>> after = submit(engine, 3);
    while (engine.waiting() < 3) {
      Thread.onSpinWait();
    }
    gate.open(100);

    assertThat(blocker.get()).hasSize(1);
    assertThat(before.get()).hasSize(1);
    assertThat(after.get()).hasSize(1);
    assertThatThrownBy(poisoned::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(InferenceFailed.class)
        .hasMessageContaining("no kernel");
    assertThat(submit(engine, 4).get()).hasSize(1);
  }

  @Test
  void computesBatchesThatTogetherAreLargerThanItsPlaces() throws Exception {
    EncoderEngine engine = engine(new FakeEncoder(10), 4, 100);
    List<EncoderInput> inputs =
        IntStream.range(0, 6).mapToObj(id -> EncoderInput.of(new int[] {id})).toList();
    List<Future<List<EncoderOutput>>> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      answers.add(
          callers.submit(
              () -> {
                try (Permits _ = engine.admit(inputs.size())) {
                  return engine.encode(POOLED, inputs);
                }
              }));
    }

    for (Future<List<EncoderOutput>> answer : answers) {
      assertThat(answer.get()).hasSize(6);
    }
    engine.admit(4).close();
  }

  @Test
  void refusesALoneInputWhenNoPlaceIsFree() {
    EncoderEngine engine = engine(new FakeEncoder(10), 4, 100);
    try (Permits _ = engine.admit(4)) {
      assertThatThrownBy(() -> engine.admit(1)).isInstanceOf(Overloaded.class);
    }
    engine.admit(4).close();
  }

  @Test
  void anInterruptedCallerLeavesTheQueue() throws Exception {
    Gate gate = new Gate();
    FakeEncoder model = new FakeEncoder(10, gate);
    EncoderEngine engine = engine(model, 100, 1000);
    Future<List<EncoderOutput>> first = submit(engine, 1);
    gate.awaitArrival();
    Future<List<EncoderOutput>> second = submit(engine, 2);
    while (engine.waiting() < 1) {
      Thread.onSpinWait();
    }
    second.cancel(true);
    while (engine.waiting() > 0) {
      Thread.onSpinWait();
    }
    gate.open(100);

    first.get();
    submit(engine, 3).get();
    assertThat(model.batchSizes()).containsExactly(1, 1);
  }

  @Test
  void anInterruptedCallerGivesItsPlacesBackWhileABatchIsComputed() throws Exception {
    Gate gate = new Gate();
    FakeEncoder model = new FakeEncoder(10, gate);
    EncoderEngine engine = engine(model, 2, 1);
    List<EncoderInput> two =
        List.of(EncoderInput.of(new int[] {1}), EncoderInput.of(new int[] {2}));
    Future<List<EncoderOutput>> request =
        callers.submit(
            () -> {
              try (Permits _ = engine.admit(2)) {
                return engine.encode(POOLED, two);
              }
            });
    gate.awaitArrival();
    request.cancel(true);
    while (engine.waiting() > 0) {
      Thread.onSpinWait();
    }
    gate.open(1);

    assertThatCode(
            () -> {
              while (true) {
                try (Permits _ = engine.admit(2)) {
                  return;
                } catch (Overloaded _) {
                  Thread.onSpinWait();
                }
              }
            })
        .doesNotThrowAnyException();
    gate.open(1);
    submit(engine, 3).get();
    assertThat(model.batchSizes()).containsExactly(1, 1);
  }

  @Test
  void answersWhatWaitsWhenItIsClosedAndThenRefuses() throws Exception {
    Gate gate = new Gate();
    FakeEncoder model = new FakeEncoder(10, gate);
    EncoderEngine engine = engine(model, 100, 1);
    Future<List<EncoderOutput>> first = submit(engine, 1);
    gate.awaitArrival();
    Future<List<EncoderOutput>> second = submit(engine, 2);
    while (engine.waiting() < 1) {
      Thread.onSpinWait();
    }
    Future<?> closing = callers.submit(engine::close);
    gate.open(100);
    closing.get();

    assertThat(first.get()).hasSize(1);
    assertThat(second.get()).hasSize(1);
    assertThat(model.closings()).isEqualTo(1);
    assertThatThrownBy(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[] {1}))))
        .isInstanceOf(ModelUnavailable.class);
    engine.close();
    assertThat(model.closings()).isEqualTo(1);
  }

  @Test
  void refusesWhatTheModelMustNotSee() {
    EncoderEngine engine = engine(new FakeEncoder(3), 10, 100);

    assertThatThrownBy(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[0]))))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("without any token");
    assertThatThrownBy(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[4]))))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` must have at most 3 tokens. Given: 4");
    for (int id : new int[] {-1, FakeEncoder.VOCABULARY}) {
      assertThatThrownBy(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[] {id}))))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("token id " + id)
          .hasMessageContaining("30522");
    }
    assertThatThrownBy(
            () ->
                engine.encode(
                    new EncoderTask.MaskedLanguageModel(),
                    List.of(EncoderInput.masked(new int[] {1}, new int[] {1}, (_, _) -> {}))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private EncoderEngine engine(FakeEncoder model, int maxInputs, int maxBatchTokens) {
    EncoderEngine engine = new EncoderEngine("fake", model, maxInputs, maxBatchTokens);
    engines.add(engine);
    return engine;
  }

  private Future<List<EncoderOutput>> submit(EncoderEngine engine, int id) {
    return callers.submit(() -> engine.encode(POOLED, List.of(EncoderInput.of(new int[] {id}))));
  }

  private static EncoderTask task(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new EncoderTask.Pooled(List.of(Pooling.CLS, Pooling.MAX), 1);
      case 1 -> new EncoderTask.HiddenStates();
      case 2 -> new EncoderTask.MaskedLanguageModel();
      default -> POOLED;
    };
  }

  private static EncoderInput input(EncoderTask task, Random random) {
    int[] ids = random.ints(1 + random.nextInt(40), 0, FakeEncoder.VOCABULARY).toArray();
    return task instanceof EncoderTask.MaskedLanguageModel
        ? EncoderInput.masked(ids, new int[] {random.nextInt(ids.length)}, new Rows())
        : EncoderInput.of(ids);
  }

  private static float[][] compute(FakeEncoder model, EncoderTask task, EncoderInput input) {
    EncoderBatch batch =
        new EncoderBatch(input.tokenIds(), input.typeIds(), new int[] {0, input.tokens()});
    return switch (task) {
      case EncoderTask.Pooled(List<Pooling> poolings, int skipped) ->
          model.pooled(batch, poolings, skipped);
      case EncoderTask.HiddenStates() -> model.hiddenStates(batch);
      case EncoderTask.MaskedLanguageModel(), EncoderTask.NextToken() ->
          model.maskedLanguageModelLogits(batch, input.rows());
      case EncoderTask.LargestLogits() -> model.largestLogits(batch);
      case EncoderTask.TextLogits() -> model.textLogits(batch);
      case EncoderTask.TokenLogits() -> model.tokenLogits(batch);
    };
  }

  /** Keeps a copy of the one row that it is given. */
  private static final class Rows implements LogitsReader {

    private final float[][] read = new float[1][];

    @Override
    public void read(int row, float[] logits) {
      read[row] = logits.clone();
    }
  }

  /** Holds every forward pass until it is let through. */
  private static final class Gate implements Consumer<EncoderBatch> {

    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore passes = new Semaphore(0);

    @Override
    public void accept(EncoderBatch batch) {
      arrived.release();
      passes.acquireUninterruptibly();
    }

    void awaitArrival() {
      arrived.acquireUninterruptibly();
    }

    void open(int count) {
      passes.release(count);
    }
  }
}
