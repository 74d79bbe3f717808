package dev.diptych.source;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Fetches an artifact with Maven's resolver, as the user's Maven settings have it: mirrors,
 * proxies, credentials. The user's local repository is read but not written.
 */
final class MavenClient implements ArchiveSource.Client {

  private final String coordinates;
  private final Function<ContextOverrides.Builder, ContextOverrides.Builder> environment;

  /**
   * @param environment changes to the user's Maven environment; identity for none
   */
  MavenClient(
      String coordinates,
      Function<ContextOverrides.Builder, ContextOverrides.Builder> environment) {
    this.coordinates = coordinates;
    this.environment = environment;
  }

  @Override
  public String description() {
    return "Maven artifact " + coordinates;
  }

  @Override
  public Path fetch(Path work, ArchiveSource.Check checked, Progress progress) throws IOException {
    progress.say("asking Maven for " + coordinates);
    Artifact artifact = new DefaultArtifact(coordinates);
    ContextOverrides.Builder overrides =
        environment.apply(
            ContextOverrides.create()
                .withUserSettings(true)
                .checksumPolicy(ContextOverrides.ChecksumPolicy.FAIL)
                .configProperties(
                    Map.of(
                        "aether.connector.connectTimeout", 5_000,
                        "aether.connector.requestTimeout", 60_000))
                .transferListener(listener(artifact, progress)));
    try (Context user = Runtimes.INSTANCE.getRuntime().create(overrides.build())) {
      Path kept = keptBy(user, artifact);
      if (Files.isRegularFile(kept) && checked.test(kept)) {
        return kept;
      }
      ContextOverrides aside =
          overrides.withLocalRepositoryOverride(work.resolve("repository")).build();
      try (Context context = user.getRuntime().create(aside)) {
        return resolve(context, artifact);
      }
    } catch (ArtifactResolutionException e) {
      throw new IOException(reason(e), e);
    } catch (RuntimeException e) { // broken settings come as any of them
      throw new IOException("Maven's resolver cannot be used: " + e.getMessage(), e);
    }
  }

  private static Path keptBy(Context user, Artifact artifact) {
    var local = user.repositorySystemSession().getLocalRepositoryManager();
    return local
        .getRepository()
        .getBasedir()
        .toPath()
        .resolve(local.getPathForLocalArtifact(artifact));
  }

  private static Path resolve(Context context, Artifact artifact)
      throws ArtifactResolutionException {
    ArtifactRequest request = new ArtifactRequest(artifact, context.remoteRepositories(), null);
    return context
        .repositorySystem()
        .resolveArtifact(context.repositorySystemSession(), request)
        .getArtifact()
        .getFile()
        .toPath();
  }

  private static AbstractTransferListener listener(Artifact artifact, Progress progress) {
    return new AbstractTransferListener() {
      @Override
      public void transferProgressed(TransferEvent event) {
        var resource = event.getResource();
        if (resource.getContentLength() > 0 && resource.getResourceName().endsWith(".jar")) {
          progress.transfer(
              "downloading " + artifact.getArtifactId(),
              event.getTransferredBytes(),
              resource.getContentLength());
        }
      }
    };
  }

  private static String reason(ArtifactResolutionException e) {
    String message = String.valueOf(e.getMessage()).replaceAll("://[^/@\\s]+@", "://");
    return message.length() > 400 ? message.substring(0, 400) + "…" : message;
  }
}
