package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CacheBudgetTests {

  private static final CacheShape NEEDED = new CacheShape(3, 300);

  @Test
  void growsInPowersOfTwo() {
    CacheBudget budget = new CacheBudget(100_000, 16, 2048, false);
    assertThat(budget.fit(CacheShape.NONE, NEEDED)).isEqualTo(new CacheShape(4, 512));
    assertThat(budget.fit(new CacheShape(4, 512), new CacheShape(5, 100)))
        .isEqualTo(new CacheShape(8, 512));
  }

  @Test
  void hasAllTheRoomFromTheStartIfUnusedRoomIsFree() {
    CacheBudget budget = new CacheBudget(100_000, 16, 2048, true);
    assertThat(budget.fit(CacheShape.NONE, NEEDED)).isEqualTo(new CacheShape(16, 2048));
  }

  @Test
  void freeRoomHasEverySlotAsLongAsTheBudgetAllows() {
    CacheBudget budget = new CacheBudget(93_000, 32, 8192, true);
    CacheShape first = new CacheShape(32, 2906);
    assertThat(budget.fit(CacheShape.NONE, NEEDED)).isEqualTo(first);
    assertThat(budget.fit(first, new CacheShape(9, 2048))).isEqualTo(first);
    assertThat(budget.fit(first, new CacheShape(2, 4000))).isEqualTo(new CacheShape(22, 4096));
    assertThat(budget.fit(first, new CacheShape(1, 8000))).isEqualTo(new CacheShape(11, 8192));
  }

  @Test
  void freeRoomStillHasWhatIsNeededWhereTheBudgetIsShort() {
    CacheBudget budget = new CacheBudget(1000, 16, 2048, true);
    assertThat(budget.fit(CacheShape.NONE, NEEDED)).isEqualTo(NEEDED);
  }

  @Test
  void givesUpRoomNobodyNeedsBeforeItRefuses() {
    CacheBudget budget = new CacheBudget(1000, 16, 2048, false);
    assertThat(budget.fit(new CacheShape(4, 256), NEEDED)).isEqualTo(NEEDED);
    assertThat(budget.fit(CacheShape.NONE, new CacheShape(2, 501))).isNull();
  }

  @Test
  void staysAsItIsWhileThereIsRoom() {
    CacheShape current = new CacheShape(4, 512);
    assertThat(new CacheBudget(100_000, 16, 2048, true).fit(current, NEEDED)).isEqualTo(current);
  }
}
