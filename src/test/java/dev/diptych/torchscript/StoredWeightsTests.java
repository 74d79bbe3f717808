package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.model.family.Families;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors are found under every name that they have, and none is overlooked. */
class StoredWeightsTests {

  private static final String CHECKPOINTS = "src/test/resources/checkpoints";

  @TempDir private Path folder;

  /** The bytes of what a forward pass gets, by slot. */
  private static Map<String, ByteBuffer> selected(Path checkpoint) throws IOException {
    Blueprint said = BlueprintReader.read(checkpoint);
    StoredWeights all =
        new StoredWeights(Families.weights(said), Safetensors.readFolder(checkpoint));
    Map<String, ByteBuffer> bytes = new HashMap<>();
    for (Map.Entry<String, WeightView> entry : all.select(said).entrySet()) {
      StoredTensor tensor = entry.getValue().tensor();
      ByteBuffer buffer = ByteBuffer.allocate((int) tensor.byteLength());
      try (FileChannel channel = FileChannel.open(tensor.file())) {
        channel.read(buffer, tensor.fileOffset());
      }
      bytes.put(entry.getKey(), buffer.flip());
    }
    return bytes;
  }

  private void changesNothing(String name, ChangedCheckpoint changed) throws IOException {
    assertThat(selected(changed.write(folder)))
        .isEqualTo(selected(Path.of(CHECKPOINTS).resolve(name)));
  }

  private void isRefused(ChangedCheckpoint changed, String... message) throws IOException {
    changed.write(folder);
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> selected(folder))
        .withMessageContainingAll(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bert", "roberta", "distilbert", "gpt2", "llama-tied", "llama-untied", "qwen2"})
  void normsMayHaveTensorFlowsNamesAlsoInTheHeads(String name) throws IOException {
    changesNothing(
        name,
        ChangedCheckpoint.of(name)
            .rename(
                stored ->
                    stored
                        .replaceAll("((?i:norm)|ln_.)\\.weight$", "$1.gamma")
                        .replaceAll("((?i:norm)|ln_.)\\.bias$", "$1.beta")));
  }

  @ParameterizedTest
  @CsvSource({
    "bert, bert.",
    "roberta, roberta.",
    "distilbert, distilbert.",
    "gpt2, transformer.",
    "llama-tied, model.",
    "llama-untied, model.",
    "qwen2, model."
  })
  void thePrefixMayBeAbsent(String name, String prefix) throws IOException {
    changesNothing(
        name,
        ChangedCheckpoint.of(name)
            .rename(s -> s.startsWith(prefix) ? s.substring(prefix.length()) : s));
  }

  @ParameterizedTest
  @CsvSource({
    "bert, bert.embeddings.word_embeddings.weight, cls.predictions.decoder.weight",
    "bert, cls.predictions.bias, cls.predictions.decoder.bias",
    "roberta, roberta.embeddings.word_embeddings.weight, lm_head.decoder.weight",
    "roberta, lm_head.bias, lm_head.decoder.bias",
    "distilbert, distilbert.embeddings.word_embeddings.weight, vocab_projector.weight",
    "gpt2, transformer.wte.weight, lm_head.weight",
    "llama-tied, model.embed_tokens.weight, lm_head.weight",
    "qwen2, model.embed_tokens.weight, lm_head.weight"
  })
  void tiedTensorsMayBeStoredUnderEitherNameOrBoth(String name, String one, String other)
      throws IOException {
    changesNothing(name, ChangedCheckpoint.of(name).add(other, one, false));
    folder = Files.createDirectory(folder.resolve("other"));
    changesNothing(name, ChangedCheckpoint.of(name).rename(s -> s.equals(one) ? other : s));
  }

  @ParameterizedTest
  @CsvSource({
    "bert, cls.predictions.decoder.weight, bert.embeddings.word_embeddings.weight",
    "roberta, lm_head.decoder.weight, roberta.embeddings.word_embeddings.weight",
    "distilbert, vocab_projector.weight, distilbert.embeddings.word_embeddings.weight",
    "gpt2, lm_head.weight, transformer.wte.weight",
    "llama-tied, lm_head.weight, model.embed_tokens.weight",
    "llama-tied, lm_head.weight, model.norm.weight",
    "qwen2, lm_head.weight, model.embed_tokens.weight"
  })
  void whatIsStoredBesideATiedHeadChangesNothing(String name, String head, String like)
      throws IOException {
    changesNothing(name, ChangedCheckpoint.of(name).add(head, like, true));
  }

  @Test
  void anUntiedHeadMustBeThere() throws IOException {
    isRefused(
        ChangedCheckpoint.of("llama-untied").remove("lm_head.weight"), "lacks", "lm_head.weight");
  }

  @Test
  void aHeadOfAnotherShapeIsRefused() throws IOException {
    isRefused(
        ChangedCheckpoint.of("llama-untied").add("lm_head.weight", "model.norm.weight", false),
        "lm_head.weight",
        "shape");
  }

  @ParameterizedTest
  @CsvSource({
    "bert, bert.pooler.dense.weight, bert.embeddings.LayerNorm.weight",
    "bert, pooler.dense.bias, bert.embeddings.LayerNorm.bias",
    "bert, cls.seq_relationship.weight, bert.embeddings.LayerNorm.weight",
    "bert, bert.embeddings.position_ids, bert.embeddings.LayerNorm.weight",
    "distilbert, pre_classifier.weight, distilbert.embeddings.LayerNorm.weight",
    "gpt2, transformer.h.0.attn.bias, transformer.ln_f.weight",
    "gpt2, h.1.attn.masked_bias, transformer.ln_f.weight",
    "llama-tied, model.layers.0.self_attn.rotary_emb.inv_freq, model.norm.weight",
    "llama-tied, model.layers.7.self_attn.q_proj.weight, model.norm.weight",
    "llama-tied, vision_tower.weight, model.norm.weight"
  })
  void whatBelongsToOtherTasksIsLeftAlone(String name, String other, String like)
      throws IOException {
    changesNothing(name, ChangedCheckpoint.of(name).add(other, like, false));
  }

  @ParameterizedTest
  @CsvSource({
    "llama-tied, model.layers.0.self_attn.q_norm.weight, model.norm.weight",
    "llama-tied, model.layers.1.self_attn.q_proj.bias, model.norm.weight",
    "llama-tied, layers.1.mlp.down_proj.bias, model.norm.weight",
    "llama-tied, base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, model.norm.weight",
    "qwen2, model.layers.0.self_attn.o_proj.bias, model.norm.weight",
    "qwen2, model.layers.0.mlp.up_proj.qweight, model.norm.weight",
    "gpt2, transformer.h.0.crossattention.q_attn.weight, transformer.ln_f.weight",
    "bert, bert.encoder.layer.0.attention.self.distance_embedding.weight,"
        + " bert.embeddings.LayerNorm.weight",
    "bert, bert.encoder.layer.1.output.adapter.down.weight, bert.embeddings.LayerNorm.weight"
  })
  void whatALayerWouldHaveToComputeIsRefusedByName(String name, String other, String like)
      throws IOException {
    isRefused(ChangedCheckpoint.of(name).add(other, like, false), other);
  }

  @Test
  void twoTensorsForOneAreRefused() throws IOException {
    isRefused(
        ChangedCheckpoint.of("bert")
            .add("bert.embeddings.LayerNorm.gamma", "bert.embeddings.LayerNorm.weight", false),
        "bert.embeddings.LayerNorm.gamma",
        "bert.embeddings.LayerNorm.weight");
  }

  @Test
  void aMissingTensorHasTheFamilysName() throws IOException {
    String name = "distilbert.transformer.layer.1.sa_layer_norm.bias";
    isRefused(ChangedCheckpoint.of("distilbert").remove(name), "lacks the tensor " + name);
  }
}
