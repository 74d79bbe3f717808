package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StopSearchTests {

  @Test
  void findsEveryEndThatAPlainSearchFinds() {
    Random random = new Random(3);
    for (int round = 0; round < 2_000; round++) {
      String stop = letters(random, 1 + random.nextInt(6));
      String text = letters(random, 40);
      StopSearch search = new StopSearch(stop);
      for (int end = 1; end <= text.length(); end++) {
        assertThat(search.endsWith(text.charAt(end - 1)))
            .as("%s in %s up to %d", stop, text, end)
            .isEqualTo(text.substring(0, end).endsWith(stop));
      }
    }
  }

  /** A search from the longest sequence's length back would compare some 10^11 characters here. */
  @Test
  void textThatNearlyMatchesCostsNoMoreThanOther() {
    StopSearch search = new StopSearch("-".repeat(30_000) + "x");
    int ends = 0;
    for (int i = 0; i < 4_000_000; i++) {
      ends += search.endsWith('-') ? 1 : 0;
    }

    assertThat(ends).isZero();
    assertThat(search.endsWith('x')).isTrue();
  }

  private static String letters(Random random, int count) {
    return random
        .ints(count, 'a', 'c')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
