package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which families machine code computes, and what it lacks for each of the others. */
class MachineCodeRefusalTests {

  private static final String NORMS =
      "no kernel for other norms than root mean squares before each part";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "",
      value = {
        "llama-tied | ",
        "llama-untied | ",
        "llama-linear | ",
        "llama3-rope | ",
        "qwen2 | ",
        "bert | ",
        "roberta | ",
        "xlm-roberta | ",
        "distilbert | ",
        "llama-yarn | no kernel for heads that rotate in part or grow",
        "mistral | no kernel for a sliding window",
        "ministral3 | no kernel for heads that rotate in part or grow",
        "qwen3 | no kernel for norms of queries and keys",
        "smollm3 | no kernel for heads that do not rotate",
        "gemma | no kernel for embeddings times a number",
        "gemma2 | no kernel for embeddings times a number",
        "gemma3 | no kernel for embeddings times a number",
        "granite | no kernel for embeddings times a number",
        "phi3 | no kernel for heads that rotate in part or grow",
        "gpt2 | " + NORMS,
        "gpt-neox | " + NORMS,
        "falcon | " + NORMS,
        "phi | " + NORMS,
        "stablelm | " + NORMS,
        "starcoder2 | " + NORMS,
        "olmo2 | " + NORMS,
        "olmo3 | " + NORMS,
        "exaone4 | " + NORMS,
        "electra | no kernel for other embeddings than a BERT's",
        "albert | no kernel for other embeddings than a BERT's",
        "deberta-v2 | no kernel for other embeddings than a BERT's",
        "modernbert | no kernel for other embeddings than a BERT's",
        "nomic-bert | no kernel for other embeddings than a BERT's",
        "eurobert | no kernel for other embeddings than a BERT's",
        "mpnet | no kernel for relative biases",
        "bert-classifier | no kernel for a classifier's head",
        "bert-ner | no kernel for a classifier's head",
        "bert-squad | no kernel for a classifier's head"
      })
  void theFirstPartWithoutAKernelIsTold(String name, String reason) throws IOException {
    Blueprint blueprint = BlueprintReader.read(Path.of("src/test/resources/families", name));
    Optional<String> refusal =
        blueprint.head() instanceof Head.LanguageModel
            ? MachineCodeRefusal.ofDecoder(blueprint)
            : MachineCodeRefusal.ofEncoder(blueprint);
    assertThat(refusal).isEqualTo(Optional.ofNullable(reason));
  }
}
