package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychSettings;
import dev.diptych.chat.Chat;
import dev.diptych.model.GenerationDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Decoders that share the memory for keys and values. */
@Timeout(60)
class DecodersTogetherTests {

  private static final int CONTEXT = 600;
  private static final long BYTES_PER_TOKEN = 1024;
  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();

  private final List<FakeDecoder> decoders = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {600, 800, 1500, 4000})
  void neverTakeMoreThanThereIsAndAllAnswer(int tokens) throws Exception {
    KeyValueMemory memory = new KeyValueMemory(tokens * BYTES_PER_TOKEN, _ -> {});
    try (TextGenerator first = generator(memory, tokens);
        TextGenerator second = generator(memory, tokens);
        TextGenerator third = generator(memory, tokens);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<TextGenerator> generators = List.of(first, second, third);
      Random random = new Random(tokens);
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        TextGenerator generator = generators.get(random.nextInt(generators.size()));
        String prompt =
            "a".repeat(1 + random.nextInt(8) * random.nextInt(30)) + (char) ('a' + i % 26);
        int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 40);
        answers.add(callers.submit(isAnsweredAsAlone(generator, prompt, length)));
      }

      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void oneThatNeedsAllGetsItBesideOneThatIsNeverIdle() throws Exception {
    KeyValueMemory memory = new KeyValueMemory(CONTEXT * BYTES_PER_TOKEN, _ -> {});
    try (TextGenerator busy = generator(memory, CONTEXT);
        TextGenerator other = generator(memory, CONTEXT);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> load = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String prompt = "load " + (char) ('a' + i);
        load.add(
            callers.submit(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    isAnsweredAsAlone(busy, prompt, 60).call();
                  }
                  return null;
                }));
      }
      while (decoders.getFirst().forwards.get() == 0) {
        Thread.onSpinWait();
      }

      int prompt = TOKENIZER.encode("all of it", true).length;
      assertThat(isAnsweredAsAlone(other, "all of it", CONTEXT - prompt).call()).isTrue();

      load.forEach(one -> one.cancel(true));
    }
  }

  private TextGenerator generator(KeyValueMemory memory, int tokens) {
    FakeDecoder decoder = new FakeDecoder(CONTEXT).whenReserved(() -> check(tokens));
    decoders.add(decoder);
    DiptychSettings.Generation settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of("diptych.generation.max-batch-sequences", "8")))
            .bindOrCreate("diptych", DiptychSettings.class)
            .generation();
    long usable = CONTEXT * 8 * BYTES_PER_TOKEN;
    return new TextGenerator(
        decoder,
        TOKENIZER,
        Chat.none(TOKENIZER),
        GenerationDefaults.endingWith(Set.of()),
        settings,
        "fake",
        "float32",
        "cpu",
        memory.join(usable, memory.missing(usable)),
        GenerationWatch.NONE);
  }

  /* One token of each is not counted. */
  private void check(int tokens) {
    long taken =
        decoders.stream()
            .mapToLong(FakeDecoder::reservedTokens)
            .filter(reserved -> reserved > 1)
            .sum();
    assertThat(taken).isLessThanOrEqualTo(tokens);
  }

  private static Callable<Boolean> isAnsweredAsAlone(
      TextGenerator generator, String prompt, int length) {
    return () -> {
      int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), length);
      try (Generation generation = generator.start(GenerationRequest.greedy(prompt, length))) {
        return generation.result().completion().text().equals(TOKENIZER.decode(expected, true));
      }
    };
  }
}
