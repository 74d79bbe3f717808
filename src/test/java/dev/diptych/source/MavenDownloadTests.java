package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.spi.connector.transport.TransporterProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenDownloadTests {

  private static final int SIZE = 500_000;

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private LocalHub server;
  private byte[] content;
  private Path part;

  @BeforeEach
  void start() throws IOException {
    server = new LocalHub().withModel(SIZE);
    content = server.files.getOrDefault("model.safetensors", new byte[0]);
    part = folder.resolve("artifact.part");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void asksOnlyForWhatAKilledProcessHadNotWritten() throws Exception {
    Files.write(folder.resolve("artifact.part.4711.tmp"), Arrays.copyOf(content, SIZE / 2));

    download(SIZE);

    assertThat(part).hasBinaryContent(content);
    assertThat(server.atStorage.getFirst().range()).isEqualTo("bytes=%d-".formatted(SIZE / 2));
    assertThat(Folders.files(folder)).noneMatch(name -> name.endsWith(".tmp"));
  }

  @Test
  void beginsAgainWhereTheRestLeadsToAnotherFile() throws Exception {
    Files.write(part, new byte[SIZE / 2]);

    download(SIZE);

    assertThat(part).hasBinaryContent(content);
    assertThat(server.atStorage).hasSize(2);
  }

  @Test
  void triesAgainWhenTheConnectionIsCut() throws Exception {
    server.storageAnswers.add((exchange, all) -> server.send(exchange, all, SIZE / 3));

    download(SIZE);

    assertThat(part).hasBinaryContent(content);
    assertThat(told).contains("the connection broke, trying again");
  }

  @Test
  void takesNoMoreThanTheSizeAnnounced() {
    assertThatThrownBy(() -> download(SIZE / 2))
        .hasStackTraceContaining("is longer than the 250000 bytes announced");
  }

  private void download(long size) throws Exception {
    ContextOverrides nobody = ContextOverrides.create().withUserSettings(false).build();
    RemoteRepository repository =
        new RemoteRepository.Builder("here", "default", server.storage().toString()).build();
    try (Context context = Runtimes.INSTANCE.getRuntime().create(nobody);
        var transporter =
            context
                .lookup()
                .lookup(TransporterProvider.class)
                .orElseThrow()
                .newTransporter(context.repositorySystemSession(), repository)) {
      Progress progress = new Progress("tiny", told::add, new ProgressLog());
      new MavenDownload(transporter, URI.create("model.safetensors"), size, progress)
          .fetch(part, file -> Arrays.equals(Files.readAllBytes(file), content));
    }
  }
}
