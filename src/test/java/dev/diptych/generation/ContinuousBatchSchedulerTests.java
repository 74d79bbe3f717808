package dev.diptych.generation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContinuousBatchSchedulerTests {

  private static final int CONTEXT = 600;

  private final FakeDecoder decoder = new FakeDecoder(CONTEXT);

  @Test
  void whatBelongsToARunningSequenceComesBeforeWhatWaits() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(CONTEXT, 1, CONTEXT, true), 60, 0);
    Sequence running = new Sequence(new int[] {1, 2, 3}, 5, false);
    Sequence waiting = new Sequence(new int[] {4, 5}, 5, false);
    Sequence sibling = new Sequence(new int[] {1, 2, 3}, 5, false);
    bench.scheduler.add(running);
    bench.scheduler.add(waiting);

    bench.step();
    bench.scheduler.addNext(sibling);
    while (!bench.scheduler.isIdle()) {
      bench.step();
    }

    assertThat(bench.ended).containsExactly(running, sibling, waiting);
  }

  @Test
  void everySequenceComesToWhatItGivesAlone() {
    int passed = 0;
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      int tokens = CONTEXT + random.nextInt(6 * CONTEXT);
      CacheBudget budget =
          new CacheBudget(tokens, 1 + random.nextInt(8), CONTEXT, random.nextBoolean());
      int period = seed % 4 * 3;
      FakeDecoder fresh = new FakeDecoder(CONTEXT, period);
      SchedulerHarness bench =
          new SchedulerHarness(fresh, budget, 1 + random.nextInt(60), random.nextInt(17));
      Map<Sequence, int[]> prompts = new HashMap<>();
      Set<Sequence> cancelled = new HashSet<>();
      List<Sequence> all = new ArrayList<>();
      while (all.size() < 40 || !bench.scheduler.isIdle()) {
        while (all.size() < 40 && random.nextInt(3) > 0) {
          bench.scheduler.add(arrival(random, all, prompts));
        }
        if (random.nextInt(5) == 0 && !all.isEmpty()) {
          Sequence victim = all.get(random.nextInt(all.size()));
          if (!bench.ended.contains(victim) && cancelled.add(victim)) {
            bench.scheduler.remove(victim);
          }
        }
        bench.step(
            () -> {
              if (all.size() < 40 && random.nextInt(3) == 0) {
                bench.scheduler.add(arrival(random, all, prompts));
              }
              if (random.nextInt(9) == 0 && !all.isEmpty()) {
                Sequence victim = all.get(random.nextInt(all.size()));
                if (!bench.ended.contains(victim) && cancelled.add(victim)) {
                  bench.scheduler.remove(victim);
                }
              }
              bench.letShortPromptsPass();
            });
      }

      passed += bench.passed;
      assertThat(bench.ended).hasSize(40 - cancelled.size());
      assertThat(fresh.largestCache()).isLessThanOrEqualTo(tokens);
      assertThat(fresh.largestDecode).hasValueLessThanOrEqualTo(fresh.mostRowsWithDrafts());
      for (Sequence sequence : bench.ended) {
        int[] alone =
            FakeDecoder.greedyAnswer(
                requireNonNull(prompts.get(sequence)), sequence.maxNewTokens(), period);
        assertThat(Arrays.copyOfRange(sequence.tokens(), sequence.promptTokens(), sequence.size()))
            .isEqualTo(alone);
      }
    }
    assertThat(passed).isGreaterThan(100);
  }

  private static Sequence arrival(Random random, List<Sequence> all, Map<Sequence, int[]> prompts) {
    int[] prompt = prompt(random, all);
    Sequence sequence = new Sequence(prompt, 1 + random.nextInt(30), random.nextInt(6) == 0);
    prompts.put(sequence, prompt);
    all.add(sequence);
    return sequence;
  }

  @Test
  void aPromptThatBeginsLikeAnotherComputesOnlyTheRest() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 100);
    int[] prompt = new Random(1).ints(50, 1, 90).toArray();
    bench.scheduler.add(new Sequence(prompt, 20, false));
    bench.step();
    int[] longer = Arrays.copyOf(prompt, 60);
    Arrays.fill(longer, 50, 60, 3);
    bench.scheduler.add(new Sequence(longer, 5, false));
    bench.scheduler.add(new Sequence(prompt, 5, false));

    bench.runToEnd();

    assertThat(decoder.prefilledTokens).hasValue(50 + 10);
  }

  @Test
  void theAnswerOfAnEndedSequenceIsReusedByTheNextTurn() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 100);
    Sequence turn = new Sequence(new Random(2).ints(30, 1, 90).toArray(), 10, false);
    bench.scheduler.add(turn);
    bench.runToEnd();
    int[] next = Arrays.copyOf(turn.tokens(), 46);
    Arrays.fill(next, 40, 46, 9);
    bench.scheduler.add(new Sequence(next, 5, false));

    bench.runToEnd();

    assertThat(decoder.prefilledTokens).hasValue(30 + 46 - 39); // the last token was never computed
  }

  @Test
  void aPromptThatWasComputedBeforeIsNotComputedAgain() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 100);
    Sequence first = new Sequence(new int[] {5, 6, 7, 8}, 10, false);
    Sequence again = new Sequence(new int[] {5, 6, 7, 8}, 10, false);
    Sequence third = new Sequence(new int[] {5, 6, 7, 8}, 10, false);
    bench.scheduler.add(first);
    bench.runToEnd();
    bench.scheduler.add(again);
    bench.scheduler.add(third);

    bench.runToEnd();

    assertThat(decoder.prefilledTokens).hasValue(4);
    assertThat(again.tokens()).isEqualTo(first.tokens());
    assertThat(third.tokens()).isEqualTo(first.tokens());
  }

  @Test
  void aFewSharedTokensAreComputedAgain() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 4, CONTEXT, false), 100);
    bench.scheduler.add(new Sequence(new int[] {5, 6, 7, 8}, 10, false));
    bench.runToEnd();
    bench.scheduler.add(new Sequence(new int[] {5, 6, 7, 9}, 10, false));

    bench.runToEnd();

    assertThat(decoder.prefilledTokens).hasValue(8);
  }

  @Test
  void rejectedDraftsAreNotReusedByALaterPrompt() {
    int period = 5;
    for (int seed = 0; seed < 20; seed++) {
      FakeDecoder repeating = new FakeDecoder(CONTEXT, period);
      SchedulerHarness bench =
          new SchedulerHarness(repeating, new CacheBudget(10_000, 1, CONTEXT, false), 600, 8);
      Sequence sequence = new Sequence(verse(seed, period), 200, false);
      bench.scheduler.add(sequence);
      while (bench.rejected.isEmpty()) {
        bench.step();
      }
      bench.scheduler.remove(sequence);
      int[] answered = Arrays.copyOf(sequence.tokens(), sequence.size());
      int[] like = seed % 2 == 0 ? answered : bench.rejected.getFirst();
      int[] prompt = Arrays.copyOf(like, like.length + 20);
      repeating.prefilledTokens.set(0);
      Sequence next = new Sequence(prompt, 20, false);
      bench.scheduler.add(next);

      bench.runToEnd();

      assertThat(Arrays.copyOfRange(next.tokens(), prompt.length, next.size()))
          .isEqualTo(FakeDecoder.greedyAnswer(prompt, 20, period));
      assertThat(repeating.prefilledTokens).hasValue(prompt.length - (answered.length - 1));
    }
  }

  @Test
  void theFirstInLineIsNotOvertaken() {
    CacheBudget budget = new CacheBudget(700, 4, CONTEXT, false);
    SchedulerHarness bench = new SchedulerHarness(decoder, budget, 50);
    Sequence small = new Sequence(new int[] {1}, 20, false);
    Sequence large = new Sequence(new int[] {2}, 500, false);
    Sequence late = new Sequence(new int[] {3}, 5, false);
    bench.scheduler.add(small);
    bench.step();
    bench.scheduler.add(large);
    bench.scheduler.add(late);

    while (!bench.ended.contains(small)) {
      assertThat(large.newTokens()).isZero();
      assertThat(late.newTokens()).isZero();
      bench.step();
    }
    bench.runToEnd();

    assertThat(bench.ended).containsExactly(small, large, late);
    assertThat(decoder.largestCache()).isLessThanOrEqualTo(700);
  }

  @Test
  void aSequenceRemovedWhileWaitingIsNeverComputed() {
    SchedulerHarness bench =
        new SchedulerHarness(decoder, new CacheBudget(10_000, 1, CONTEXT, false), 50);
    Sequence sequence = new Sequence(new int[] {1}, 20, false);
    bench.scheduler.add(sequence);

    bench.scheduler.remove(sequence);

    assertThat(bench.scheduler.isIdle()).isTrue();
    assertThat(bench.step().steps()).isEmpty();
  }

  private static int[] verse(int seed, int period) {
    int[] prompt = new Random(seed).ints(50, 1, 90).toArray();
    for (int i = period; i < prompt.length; i++) {
      prompt[i] = prompt[i - period];
    }
    return prompt;
  }

  private static int[] prompt(Random random, List<Sequence> earlier) {
    int longest = random.nextInt(3) == 0 ? 15 : 150;
    int[] prompt = random.ints(1 + random.nextInt(longest), 1, 90).toArray();
    int motif = random.nextBoolean() ? prompt.length : 1 + random.nextInt(9);
    for (int i = motif; i < prompt.length; i++) {
      prompt[i] = prompt[i - motif];
    }
    if (!earlier.isEmpty() && random.nextBoolean()) {
      Sequence like = earlier.get(random.nextInt(earlier.size()));
      int shared = Math.min(prompt.length, random.nextInt(like.size() + 1));
      System.arraycopy(like.tokens(), 0, prompt, 0, shared);
    }
    return prompt;
  }
}
