package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenListingTests {

  private final TokenListing listing =
      new TokenListing(new WordTokenizer(), new EncoderLimits(512, 32, true));

  @Test
  void boundsTheCharactersOfAllTextsTogether() {
    List<String> most = Collections.nCopies(32, "a ".repeat(2048));

    assertThat(listing.characters(most, 0)).isEqualTo(131_072);
    assertThatThrownBy(() -> listing.characters(most, 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` must have at most 131072 characters in all. Given: 131104");
  }

  @Test
  void boundsTheTokensOfAllTextsTogether() {
    assertThatThrownBy(() -> listing.of(Collections.nCopies(32, "a".repeat(4096)), "", true))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("at most 131072 tokens");
  }

  @Test
  void listsLongTextsOnPlatformThreads() throws Exception {
    Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    WordTokenizer watched =
        new WordTokenizer() {
          @Override
          public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
            virtual.add(Thread.currentThread().isVirtual());
            return super.encodeWithOffsets(text, addSpecialTokens);
          }
        };
    TokenListing many = new TokenListing(watched, new EncoderLimits(512, 32, true));

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(
              callers
                  .submit(() -> many.of(List.of("a".repeat(20_000), "b"), "", false))
                  .get()
                  .getLast())
          .containsExactly(new TextToken(1038, "b", false, 0, 1));
    }
    assertThat(virtual).containsExactly(false);
  }

  @Test
  void boundsTheIdsOfAllListsTogetherAndWhatTheyStandFor() {
    int[] letters = new int[4096];
    int[] longWords = IntStream.generate(() -> 30_000).limit(128_000).toArray();
    Arrays.fill(letters, 1037);

    assertThat(listing.decodedCharacters(Collections.nCopies(32, letters))).isEqualTo(262_144);
    assertThatThrownBy(() -> listing.decodedCharacters(Collections.nCopies(33, letters)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`ids` must have at most 131072 token ids in all. Given: 135168");
    assertThat(listing.decodedCharacters(List.of(longWords))).isEqualTo(128_000 * 7);
  }

  @Test
  void refusesIdsThatStandForTooMuchText() {
    WordTokenizer longWords =
        new WordTokenizer() {
          @Override
          public String token(int id) {
            return "x".repeat(63);
          }
        };
    List<int[]> ids = List.of(new int[40_000]);

    assertThatThrownBy(
            () ->
                new TokenListing(longWords, new EncoderLimits(512, 32, true))
                    .decodedCharacters(ids))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`ids` must stand for at most 2097152 characters in all. Given: 2560000");
  }
}
