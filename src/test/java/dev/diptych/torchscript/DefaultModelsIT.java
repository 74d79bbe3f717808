package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.chat.Chat;
import dev.diptych.chat.ChatPrompt;
import dev.diptych.chat.Conversation;
import dev.diptych.chat.Message;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tokenization.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The default models in float32 against outputs recorded elsewhere from the same weights. */
class DefaultModelsIT {

  private static DefaultModels models;

  @BeforeAll
  static void start() {
    models = new DefaultModels();
  }

  @AfterAll
  static void stop() {
    models.close();
  }

  @Test
  void smollm2TokenizesAsRecorded() throws IOException {
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.SMOLLM2));
    for (JsonNode text : DefaultModels.golden(DefaultModels.SMOLLM2).get("tokenize")) {
      int[] ids = tokenizer.encode(text.get("text").stringValue(), false);
      assertThat(ids).isEqualTo(DefaultModels.ints(text.get("ids")));
      assertThat(tokenizer.decode(ids, false)).isEqualTo(text.get("decoded").stringValue());
    }
  }

  @Test
  void smollm2GivesTheRecordedLogitsAndGreedyTokens() throws IOException {
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, Precision.FLOAT32)) {
      model.reserve(1, 256);
      for (JsonNode reference : DefaultModels.golden(DefaultModels.SMOLLM2).get("greedy")) {
        int[] prompt = DefaultModels.ints(reference.get("ids"));
        float[] logits = new float[model.vocabularySize()];
        model.prefill(0, 0, prompt, 1, logits);
        for (Map.Entry<String, JsonNode> logit : reference.get("first_logits").properties()) {
          assertThat((double) logits[Integer.parseInt(logit.getKey())])
              .isCloseTo(logit.getValue().doubleValue(), within(1e-3));
        }
        assertGreedy(model, prompt, reference);
      }
    }
  }

  @Test
  void smollm2GivesTheRecordedLogProbabilitiesOfContinuations() throws IOException {
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.SMOLLM2));
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, Precision.FLOAT32)) {
      model.reserve(1, 256);
      float[] logits = new float[model.vocabularySize()];
      for (JsonNode reference : DefaultModels.golden(DefaultModels.SMOLLM2).get("continuations")) {
        model.prefill(
            0, 0, tokenizer.encode(reference.get("prompt").stringValue(), false), 1, logits);
        for (JsonNode score : reference.get("scores")) {
          int first = score.get("ids").get(0).intValue();
          assertThat(Softmax.logProbability(logits, first))
              .isCloseTo(score.get("logprobs").get(0).doubleValue(), within(1e-3));
        }
      }
    }
  }

  @Test
  void smollm2RendersAndAnswersTheRecordedChats() throws IOException {
    var folder = models.folder(DefaultModels.SMOLLM2);
    Tokenizer tokenizer = models.tokenizers().open(folder);
    Chat talk = Chat.read(folder, tokenizer);
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, Precision.FLOAT32)) {
      model.reserve(1, 256);
      for (JsonNode chat : DefaultModels.golden(DefaultModels.SMOLLM2).get("chat")) {
        List<Message> messages = new ArrayList<>();
        chat.get("messages")
            .forEach(
                message ->
                    messages.add(
                        Message.of(
                            message.get("role").stringValue(),
                            message.get("content").stringValue())));
        ChatPrompt rendered = talk.prompt(Conversation.of(messages));
        assertThat(rendered.text()).isEqualTo(chat.get("rendered").stringValue());
        int[] prompt = rendered.ids();
        assertThat(prompt).isEqualTo(DefaultModels.ints(chat.get("ids")));
        assertGreedy(model, prompt, chat);
      }
    }
  }

  @Test
  void smollm2TakesNamesOfControlTokensInTextsForText() throws IOException {
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.SMOLLM2));
    Chat talk = Chat.read(models.folder(DefaultModels.SMOLLM2), tokenizer);
    StringBuilder all = new StringBuilder();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      if (tokenizer.isSpecial(id)) {
        all.append(tokenizer.token(id)).append(id % 2 == 0 ? " " : "");
      }
    }
    ChatPrompt hostile = talk.prompt(repeated(all.toString()));

    assertThat(Arrays.stream(hostile.ids()).filter(tokenizer::isSpecial).toArray())
        .isEqualTo(
            Arrays.stream(talk.prompt(repeated("Hello")).ids())
                .filter(tokenizer::isSpecial)
                .toArray());
    assertThat(tokenizer.decode(hostile.ids(), false)).isEqualTo(hostile.text());
  }

  private static Conversation repeated(String text) {
    return Conversation.of(
        List.of(
            Message.of("system", text),
            Message.of("user", text),
            Message.of("assistant", text),
            Message.toolResult("call", "tool", text)));
  }

  @Test
  void smollm2GoesOnBehindALongTextAsIfItWereOnePrompt() throws IOException {
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.SMOLLM2));
    int[] text =
        tokenizer.encode("A cat sat on the mat and looked at the rain. ".repeat(60), false);
    int[] prompt = Arrays.copyOf(text, 550);
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, Precision.FLOAT32)) {
      model.reserve(1, 1024);
      float[] atOnce = new float[model.vocabularySize()];
      model.prefill(0, 0, prompt, 1, atOnce);
      float[] behind = new float[model.vocabularySize()];
      int last = prompt.length - 1;
      model.decode(1, new int[] {1}, new int[] {prompt[last]}, new int[] {last}, behind);
      double largest =
          IntStream.range(0, behind.length)
              .mapToDouble(i -> Math.abs(behind[i] - atOnce[i]))
              .max()
              .orElseThrow();
      assertThat(largest).isLessThan(1e-2);
    }
  }

  @Test
  void smollm2InInt8GivesTheSameBitsBesideAPrompt() throws IOException {
    try (DecoderModel model = models.decoder(DefaultModels.SMOLLM2, Precision.INT8)) {
      int sequences = 8;
      model.reserve(sequences + 1, 64);
      int[] prompt =
          DefaultModels.golden(DefaultModels.SMOLLM2)
              .get("greedy")
              .valueStream()
              .map(reference -> DefaultModels.ints(reference.get("ids")))
              .findFirst()
              .orElseThrow();
      int[] ones = new int[sequences];
      int[] positions = new int[sequences];
      int[] tokens = new int[sequences];
      Arrays.fill(ones, 1);
      Arrays.fill(positions, prompt.length);
      for (int slot = 0; slot < sequences; slot++) {
        model.prefill(slot, 0, prompt, 0, null);
        tokens[slot] = 1000 * (slot + 1);
      }
      float[] apart = new float[sequences * model.vocabularySize()];
      model.decode(sequences, ones, tokens, positions, apart);
      float[] together = new float[apart.length];
      PromptChunk chunk = new PromptChunk(sequences, 0, prompt, 0);
      model.step(List.of(chunk), new NextTokens(sequences, ones, tokens, positions), together);
      assertThat(together).isEqualTo(apart);
    }
  }

  @Test
  void bertFillsMasksAsRecorded() throws IOException {
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.BERT));
    try (EncoderModel model = models.encoder(DefaultModels.BERT, Precision.FLOAT32)) {
      JsonNode golden = DefaultModels.golden(DefaultModels.BERT);
      for (JsonNode reference : golden.get("cases")) {
        int[] ids = tokenizer.encode(reference.get("text").stringValue(), true);
        assertThat(ids).isEqualTo(DefaultModels.ints(reference.get("input_ids")));
        for (JsonNode mask : reference.get("masks")) {
          float[] logits =
              model
                  .maskedLanguageModelLogits(
                      Batches.of(List.of(ids)), new int[] {mask.get("position").intValue()})[0];
          for (JsonNode candidate : mask.get("top5")) {
            assertThat(Math.exp(Softmax.logProbability(logits, candidate.get("token").intValue())))
                .isCloseTo(candidate.get("score").doubleValue(), within(1e-4));
          }
        }
      }
      for (JsonNode reference : golden.get("embeddings")) {
        EncoderBatch batch = Batches.of(List.of(DefaultModels.ints(reference.get("input_ids"))));
        assertBegins(
            Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]),
            reference.get("mean_normalized_first_16"),
            1e-4);
      }
    }
  }

  @Test
  void miniLmEmbedsAsRecorded() throws IOException {
    JsonNode golden = DefaultModels.golden(DefaultModels.MINILM);
    Tokenizer tokenizer = models.tokenizers().open(models.folder(DefaultModels.MINILM));
    try (EncoderModel model = models.encoder(DefaultModels.MINILM, Precision.FLOAT32)) {
      List<float[]> vectors = new ArrayList<>();
      for (JsonNode reference : golden.get("texts")) {
        EncoderBatch batch = Batches.of(List.of(ids(tokenizer, reference)));
        float[] vector = Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]);
        assertBegins(vector, reference.get("first"), 1e-5);
        vectors.add(vector);
      }
      for (int i = 0; i < vectors.size(); i++) {
        for (int j = 0; j < vectors.size(); j++) {
          assertThat(Batches.cosine(vectors.get(i), vectors.get(j)))
              .isCloseTo(golden.get("cosine").get(i).get(j).doubleValue(), within(2e-5));
        }
      }
    }
  }

  /** The ids of a recorded text, which is one string or one string repeated, cut to 256 tokens. */
  private static int[] ids(Tokenizer tokenizer, JsonNode reference) {
    if (reference.get("repeat").isNull()) {
      return DefaultModels.ints(reference.get("ids"));
    }
    JsonNode repeat = reference.get("repeat");
    int[] whole =
        tokenizer.encode(repeat.get(0).stringValue().repeat(repeat.get(1).intValue()), true);
    int[] cut = Arrays.copyOf(whole, reference.get("tokens").intValue());
    cut[cut.length - 1] = whole[whole.length - 1]; // the closing special token
    return cut;
  }

  /** Greedy tokens agree up to the first place where the two best are within rounding. */
  private static void assertGreedy(DecoderModel model, int[] prompt, JsonNode reference) {
    int certain = Margins.firstBelow(reference.get("margins"), 1e-3);
    int[] expected = DefaultModels.ints(reference.get("token_ids"));
    assertThat(Greedy.generate(model, prompt, certain))
        .containsExactlyElementsOf(Arrays.stream(expected).limit(certain).boxed().toList());
  }

  private static void assertBegins(float[] vector, JsonNode expected, double tolerance) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat((double) vector[i]).isCloseTo(expected.get(i).doubleValue(), within(tolerance));
    }
  }
}
