package dev.diptych.container;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The service in a container, as restricted as docker-compose.yml starts it: a read-only file
 * system, no capabilities, limits for memory and processes, and models that it may only read.
 */
final class DiptychContainer extends GenericContainer<DiptychContainer> {

  private static final int PORT = 8080;

  private final HttpClient client = HttpClient.newHttpClient();

  DiptychContainer(ImageFromDockerfile image, Path models, String mountedAt, Duration patience) {
    super(image);
    withExposedPorts(PORT);
    withEnv("DIPTYCH_MODELS_OFFLINE", "true");
    waitingFor(
        Wait.forHttp("/health").forPort(PORT).forStatusCode(200).withStartupTimeout(patience));
    withCreateContainerCmdModifier(
        command -> {
          var host = command.getHostConfig();
          if (host == null) {
            throw new IllegalStateException("the command has no host configuration to restrict");
          }
          host.withBinds(new Bind(models.toString(), new Volume(mountedAt), AccessMode.ro))
              .withReadonlyRootfs(true)
              .withMemory(4L << 30)
              .withPidsLimit(512L)
              .withTmpFs(Map.of("/tmp", ""))
              .withCapDrop(Capability.ALL)
              .withSecurityOpts(List.of("no-new-privileges:true"));
        });
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://%s:%d%s".formatted(getHost(), getMappedPort(PORT), path));
  }
}
