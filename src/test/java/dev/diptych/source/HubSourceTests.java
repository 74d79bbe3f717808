package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSourceTests {

  private static final int WEIGHTS = 900_000;
  private static final int CUT = 300_000;
  private static final HubPatience IMPATIENT =
      new HubPatience(
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          Duration.ofMillis(1));

  @TempDir Path work;
  private final List<String> told = new ArrayList<>();
  private LocalHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new LocalHub().withModel(WEIGHTS);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void bringsWhatAModelIsServedFromAndNoPickle() throws Exception {
    Fetched fetched = fetch(null);

    assertThat(Folders.files(fetched.path()))
        .containsExactly(
            "1_Pooling/config.json", "config.json", "model.safetensors", "tokenizer.json");
    assertThat(fetched.path().resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
    assertThat(told).anyMatch(text -> text.startsWith("downloading model.safetensors, "));
  }

  @Test
  void sendsTheTokenToTheHubAndToNoPlaceItRedirectsTo() throws Exception {
    fetch("hf_secret");

    assertThat(hub.atHub).isNotEmpty().allMatch(s -> "Bearer hf_secret".equals(s.authorization()));
    assertThat(hub.atStorage).isNotEmpty().allMatch(s -> s.authorization() == null);
  }

  @Test
  void continuesAfterTheConnectionWasCut() throws Exception {
    hub.storageAnswers.add((exchange, content) -> hub.send(exchange, content, CUT));

    Fetched fetched = fetch(null);

    assertThat(fetched.path().resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
    assertThat(hub.atStorage.get(1).range()).matches("bytes=\\d+-");
    assertThat(hub.atStorage.get(1).ifRange()).isEqualTo("\"one\"");
  }

  @Test
  void continuesWhenTheServerFallsSilent() throws Exception {
    hub.storageAnswers.add(
        (exchange, content) -> {
          exchange.getResponseHeaders().set("ETag", hub.etag);
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, CUT);
          exchange.getResponseBody().flush();
          exchange.getRequestBody().readAllBytes();
          awaitSecondRequest();
        });

    assertThat(fetch(null).path().resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
  }

  @Test
  void beginsAgainWhenTheFileIsAnotherThanBefore() throws Exception {
    hub.storageAnswers.add(
        (exchange, content) -> {
          hub.send(exchange, new byte[content.length], CUT);
          hub.etag = "\"two\"";
        });

    assertThat(fetch(null).path().resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
  }

  @Test
  void waitsWhenTheHubIsBusy() throws Exception {
    hub.listingStatuses.addAll(List.of(429, 503));
    hub.storageAnswers.add((exchange, _) -> exchange.sendResponseHeaders(429, -1));

    assertThat(fetch(null).path().resolve("config.json")).exists();
    assertThat(told).anyMatch(text -> text.contains("answers 429, trying again"));
  }

  @Test
  void waitsAsLongAsTheHubAsks() throws Exception {
    hub.storageAnswers.add(
        (exchange, _) -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          exchange.sendResponseHeaders(429, -1);
        });
    long before = System.nanoTime();

    fetch(null);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void refusesAFileWithAnotherChecksum() {
    hub.announced.put("model.safetensors", "0".repeat(64));

    assertThatThrownBy(() -> fetch(null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.safetensors came with another checksum than 000");
    assertThat(work.resolve("files/model.safetensors")).doesNotExist();
  }

  @Test
  void refusesAFileThatDiffersFromTheCatalogue() {
    List<CatalogFile> known = List.of(new CatalogFile("model.safetensors", "", 0, "1".repeat(64)));

    assertThatThrownBy(() -> source(null, known).fetch(work, progress()))
        .hasMessageContaining("another checksum than 111");
  }

  @Test
  void bringsExactlyTheShardsThatTheIndexNames() throws Exception {
    byte[] weights = Objects.requireNonNull(hub.files.remove("model.safetensors"));
    hub.files.put("layers-1.safetensors", weights);
    hub.files.put("parts/the rest.safetensors", weights);
    hub.files.put("adapter.safetensors", weights);
    hub.files.put(
        "model.safetensors.index.json",
        LocalHub.text(
            "{\"weight_map\": {\"a\": \"layers-1.safetensors\", \"b\": \"parts/the"
                + " rest.safetensors\"}}"));

    assertThat(Folders.files(fetch(null).path()))
        .contains(
            "layers-1.safetensors", "parts/the rest.safetensors", "model.safetensors.index.json")
        .doesNotContain("adapter.safetensors");
  }

  @Test
  void leavesOutAnIndexBesideWholeWeights() throws Exception {
    hub.files.put(
        "model.safetensors.index.json",
        LocalHub.text("{\"weight_map\": {\"a\": \"gone.safetensors\"}}"));

    assertThat(Folders.files(fetch(null).path()))
        .contains("model.safetensors")
        .doesNotContain("model.safetensors.index.json");
  }

  @Test
  void refusesAnIndexThatNamesAFileWhichIsNotListed() {
    hub.files.remove("model.safetensors");
    hub.files.put(
        "model.safetensors.index.json",
        LocalHub.text("{\"weight_map\": {\"a\": \"gone.safetensors\"}}"));

    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("names gone.safetensors");
  }

  @Test
  void refusesFileNamesThatLeadOutOfTheFolder() {
    hub.files.put("../../evil.safetensors", new byte[1]);
    hub.files.remove("model.safetensors");
    hub.files.put(
        "model.safetensors.index.json",
        LocalHub.text("{\"weight_map\": {\"a\": \"../../evil.safetensors\"}}"));

    assertThatThrownBy(() -> fetch(null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not the name of a safetensors file in the folder");
    assertThat(work.resolve("../../evil.safetensors")).doesNotExist();
  }

  @Test
  void bringsModulesFromWhereTheyAre() throws Exception {
    hub.files.put(
        "modules.json",
        LocalHub.text(
            "[{\"path\": \"\"}, {\"path\": \"pool\"}, {\"path\": \"../out\"}, {\"path\":"
                + " \"dense/one/\"}]"));
    hub.files.put("pool/config.json", LocalHub.text("{}"));
    hub.files.put("dense/one/config.json", LocalHub.text("{}"));
    hub.files.put("dense/one/model.safetensors", new byte[9]);
    hub.files.put("dense/one/pytorch_model.bin", new byte[9]);
    hub.files.put("sentence_roberta_config.json", LocalHub.text("{}"));

    assertThat(Folders.files(fetch(null).path()))
        .contains(
            "pool/config.json",
            "dense/one/config.json",
            "dense/one/model.safetensors",
            "sentence_roberta_config.json")
        .doesNotContain("dense/one/pytorch_model.bin", "1_Pooling/config.json");
  }

  @Test
  void bringsWhatATokenizerIsMadeOfWhereItIsNotMadeYet() throws Exception {
    hub.files.put("vocab.txt", LocalHub.text("[UNK]"));
    hub.files.put("spiece.model", new byte[3]);

    assertThat(Folders.files(fetch(null).path())).doesNotContain("vocab.txt", "spiece.model");

    hub.files.remove("tokenizer.json");
    assertThat(Folders.files(fetch(null).path())).contains("vocab.txt", "spiece.model");
  }

  @Test
  void refusesATokenizerThatCannotBeMadeBeforeTheWeightsCome() {
    hub.files.remove("tokenizer.json");
    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("it has no tokenizer.json");

    hub.files.put("spiece.model", new byte[3]);
    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("no vocab.txt");

    hub.files.put("config.json", LocalHub.text("{\"model_type\": \"other\"}"));
    hub.files.put(
        "tokenizer_config.json", LocalHub.text("{\"tokenizer_class\": \"OtherTokenizerFast\"}"));
    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("'OtherTokenizer'");
    assertThat(work.resolve("files/model.safetensors")).doesNotExist();
  }

  @Test
  void saysWhyARepositoryIsClosed() {
    hub.listingStatuses.add(401);

    assertThatThrownBy(() -> fetch(null))
        .hasMessageContaining("answers 401")
        .hasMessageContaining("diptych.models.hub-token is not set");
  }

  @Test
  void saysThatARepositoryHasOnlyPickleFiles() {
    hub.files.remove("model.safetensors");

    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("no *.safetensors");
  }

  @Test
  void doesNotFetchAgainWhatIsThere() throws Exception {
    fetch(null);
    hub.atHub.clear();

    fetch(null);

    assertThat(hub.atHub).hasSize(1);
  }

  @Test
  void findsOutQuicklyThatNothingAnswers() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    HubClient nobody =
        new HubClient(URI.create("http://127.0.0.1:" + closedPort), null, HubPatience.USUAL);
    long before = System.nanoTime();

    assertThatThrownBy(
            () ->
                new HubSource(
                        nobody,
                        new ModelReference.OnHub(LocalHub.REPOSITORY, "main"),
                        List.of(),
                        List.of())
                    .fetch(work, progress()))
        .hasMessageContaining("cannot reach 127.0.0.1");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  void findsOutThatAServerTakesConnectionsButDoesNotAnswer() throws Exception {
    HubPatience little =
        new HubPatience(
            Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(1));
    try (ServerSocket mute = new ServerSocket(0)) {
      URI address = URI.create("http://127.0.0.1:" + mute.getLocalPort());
      HubClient client = new HubClient(address, null, little);

      assertThatThrownBy(
              () ->
                  new HubSource(
                          client,
                          new ModelReference.OnHub(LocalHub.REPOSITORY, "main"),
                          List.of(),
                          List.of())
                      .fetch(work, progress()))
          .hasMessageContaining("no answer within");
    }
  }

  private void awaitSecondRequest() {
    while (hub.atStorage.size() < 2) {
      Thread.onSpinWait();
    }
  }

  private Fetched fetch(@Nullable String token) throws Exception {
    return source(token, List.of()).fetch(work, progress());
  }

  private HubSource source(@Nullable String token, List<CatalogFile> known) {
    HubClient client = new HubClient(hub.endpoint(), token, IMPATIENT);
    return new HubSource(
        client, new ModelReference.OnHub(LocalHub.REPOSITORY, "main"), known, List.of());
  }

  private Progress progress() {
    return new Progress("tiny", told::add, new ProgressLog());
  }
}
