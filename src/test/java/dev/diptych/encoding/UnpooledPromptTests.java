package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.EncoderBatch;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Pooling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model may want its prompts left out of what is pooled. */
class UnpooledPromptTests {

  private static final int CLS_THE_CAT = 3;

  private final FakeEncoder model = new FakeEncoder(16);
  private final EncoderEngine engine = new EncoderEngine("fake", model, 8, 100);

  @AfterEach
  void end() {
    engine.close();
  }

  private float[] vector(boolean pooled, String promptName) {
    Prompts prompts = new Prompts(Map.of("query", "the cat ", "empty", ""), null, pooled);
    Embedder embedder =
        new Embedder(
            engine,
            new WordTokenizer(),
            SentenceVectors.of(Pooling.MEAN),
            new EncoderLimits(16, 4, true),
            prompts,
            ModelFacts.ofEncoder("fake", "float32", "cpu", 16),
            new AnswerMemory(1 << 20, "diptych.encoding.answer-memory"));
    return embedder.embed(
            List.of(new EmbedInput.Text("sat")),
            new TextOptions(null, TruncationDirection.RIGHT, promptName),
            new VectorOptions(false, null),
            _ -> {})
        .vectors()[0];
  }

  private float[] expected(String text, int skipped) {
    int[] ids = new WordTokenizer().encode(text, true);
    EncoderBatch batch = new EncoderBatch(ids, new int[ids.length], new int[] {0, ids.length});
    return model.pooled(batch, Pooling.MEAN, skipped)[0];
  }

  @Test
  void itsTokensAndThoseBeforeItAreSkipped() {
    assertThat(vector(false, "query")).isEqualTo(expected("the cat sat", CLS_THE_CAT));
  }

  @Test
  void itIsPooledUnlessTheModelSaysOtherwise() {
    assertThat(vector(true, "query")).isEqualTo(expected("the cat sat", 0));
  }

  @Test
  void withoutPromptNothingIsSkipped() {
    assertThat(vector(false, "empty")).isEqualTo(expected("sat", 0));
  }
}
