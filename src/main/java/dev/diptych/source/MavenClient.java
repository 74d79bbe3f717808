package dev.diptych.source;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtime;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.spi.connector.layout.RepositoryLayoutProvider;
import org.eclipse.aether.spi.connector.transport.TransporterProvider;

/**
 * Fetches an artifact with Maven's resolver from where the user's Maven settings have it: mirrors,
 * proxies, credentials. The user's local repository is read but not written.
 */
final class MavenClient implements ArchiveSource.Client {

  /*
   * The resolver's own resolveArtifact begins again after a kill, so its transport is used directly:
   * it continues the file "artifact.part". The caller checks the SHA-256.
   */

  private final String coordinates;
  private final long size;
  private final UnaryOperator<ContextOverrides.Builder> environment;

  /**
   * @param size bytes of the artifact
   * @param environment changes to the user's Maven environment; identity for none
   */
  MavenClient(String coordinates, long size, UnaryOperator<ContextOverrides.Builder> environment) {
    this.coordinates = coordinates;
    this.size = size;
    this.environment = environment;
  }

  @Override
  public String description() {
    return "Maven artifact " + coordinates;
  }

  @Override
  public Path fetch(Path work, ArchiveSource.Check checked, Progress progress) throws IOException {
    progress.say("asking Maven for " + coordinates);
    ContextOverrides.Builder overrides =
        ContextOverrides.create()
            .withUserSettings(true)
            .configProperties(
                Map.of(
                    "aether.connector.connectTimeout", 5_000,
                    "aether.connector.requestTimeout", 60_000));
    try (Context context = runtime().create(environment.apply(overrides).build())) {
      Artifact artifact = new DefaultArtifact(coordinates);
      Path kept = keptBy(context.repositorySystemSession(), artifact);
      if (Files.isRegularFile(kept) && checked.test(kept)) {
        return kept;
      }
      return download(context, artifact, work.resolve("artifact.part"), checked, progress);
    } catch (RuntimeException e) { // broken settings come as any of them
      throw new IOException("Maven's resolver cannot be used: " + Reason.quoted(Reason.of(e)), e);
    }
  }

  /* It is looked for with the thread's class loader, which need not be the service's own. */
  private static Runtime runtime() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(MavenClient.class.getClassLoader());
    try {
      return Runtimes.INSTANCE.getRuntime();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Path keptBy(RepositorySystemSession session, Artifact artifact) {
    var local = session.getLocalRepositoryManager();
    Path folder = local.getRepository().getBasedir().toPath();
    return folder.resolve(local.getPathForLocalArtifact(artifact));
  }

  private Path download(
      Context context, Artifact artifact, Path part, ArchiveSource.Check checked, Progress progress)
      throws IOException {
    RepositorySystemSession session = context.repositorySystemSession();
    if (session.isOffline()) {
      throw new IOException("Maven's settings say offline");
    }
    TransporterProvider transporters =
        context.lookup().lookup(TransporterProvider.class).orElseThrow();
    RepositoryLayoutProvider layouts =
        context.lookup().lookup(RepositoryLayoutProvider.class).orElseThrow();
    List<String> failures = new ArrayList<>();
    for (RemoteRepository repository : context.remoteRepositories()) {
      try (var transporter = transporters.newTransporter(session, repository)) {
        var location =
            layouts.newRepositoryLayout(session, repository).getLocation(artifact, false);
        new MavenDownload(transporter, location, size, progress).fetch(part, checked);
        return part;
      } catch (Exception e) { // the transport declares no narrower one
        failures.add(
            "%s (repository %s)".formatted(Reason.quoted(Reason.of(e)), repository.getId()));
      }
    }
    throw new IOException(
        failures.isEmpty() ? "Maven's settings name no repository" : String.join(", ", failures));
  }
}
