package dev.diptych.source;

import eu.maveniverse.maven.mima.context.ContextOverrides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The places where a model's files may be found, in the order in which they are asked. */
final class ModelSources {

  private static final int HASH_DIGITS = 8;

  private final ModelCatalog catalog;
  private final HubClient hub;
  private final @Nullable Path hubCache;
  private final boolean offline;
  private final List<List<String>> pip;
  private final UnaryOperator<ContextOverrides.Builder> maven;

  /**
   * @param hubCache a Hugging Face cache folder to take files from
   * @param offline the Hub is not asked what the cache lacks
   * @param pip ways to call pip
   * @param maven changes to the user's Maven environment
   */
  ModelSources(
      ModelCatalog catalog,
      HubClient hub,
      @Nullable Path hubCache,
      boolean offline,
      List<List<String>> pip,
      UnaryOperator<ContextOverrides.Builder> maven) {
    this.catalog = catalog;
    this.hub = hub;
    this.hubCache = hubCache;
    this.offline = offline;
    this.pip = pip;
    this.maven = maven;
  }

  Set<String> catalogued() {
    return catalog.models().keySet();
  }

  List<ModelSource> of(ModelReference.Catalogued reference) throws IOException {
    ModelCatalog.Entry entry = catalog.models().get(reference.name());
    if (entry == null) {
      throw new ModelNotObtained(reference.name() + " is not in the catalogue");
    }
    List<ModelSource> sources = new ArrayList<>();
    for (CatalogSource source : entry.sources()) {
      switch (source) {
        case CatalogSource.Hub(String repository, String revision, List<CatalogFile> files) ->
            addHub(sources, new ModelReference.OnHub(repository, revision), files);
        case CatalogSource.Wheel(String name, String version, CatalogSource.Archive archive) ->
            sources.add(
                new ArchiveSource(
                    new PipClient(name, version, archive.size(), pip, PipClient.Patience.USUAL),
                    archive));
        case CatalogSource.Maven(String coordinates, CatalogSource.Archive archive) ->
            sources.add(
                new ArchiveSource(new MavenClient(coordinates, archive.size(), maven), archive));
      }
    }
    return sources;
  }

  List<ModelSource> of(ModelReference.OnHub reference) {
    List<ModelSource> sources = new ArrayList<>();
    addHub(sources, reference, List.of());
    return sources;
  }

  private void addHub(
      List<ModelSource> sources, ModelReference.OnHub reference, List<CatalogFile> known) {
    Optional<HubCopy> copy =
        hubCache == null ? Optional.empty() : HubCopy.find(hubCache, reference);
    HubSource source = new HubSource(hub, reference, known, copy.stream().toList());
    sources.add(
        copy.isPresent()
            ? new HubCacheSource(copy.get(), source, reference.quantisation(), known, offline)
            : source);
  }

  /** The folder of a repository in the store. */
  static String storeName(ModelReference.OnHub reference) {
    String name = "%s@%s".formatted(reference.repository(), reference.revision());
    String quantisation = reference.quantisation();
    return (quantisation.isEmpty() ? name : name + "/" + quantisation).replace("/", "--");
  }

  /** The folder in the store of what is imported from a file or folder of this machine. */
  static String storeName(Path origin) {
    String name = origin.getFileName() == null ? "root" : origin.getFileName().toString();
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-").replaceAll("^[.-]+", "");
    return "%s@%s".formatted(plain, shortHash(origin.toString()));
  }

  /** A few digits that differ where the text does. */
  static String shortHash(String text) {
    byte[] sum = Checksum.digest("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sum).substring(0, HASH_DIGITS);
  }
}
