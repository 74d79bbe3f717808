package dev.diptych.tokenization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpaceCleanUpTests {

  @Test
  void dropsSpacesBeforePunctuationAndContractions() {
    assertThat(SpaceCleanUp.apply("I 'm here , do n't go ! It 's 'what' we 've ' got ?  No ."))
        .isEqualTo("I'm here, don't go! It's 'what' we've'got?  No.");
  }
}
