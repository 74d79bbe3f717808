package dev.diptych.source;

import dev.diptych.checkpoint.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a repository at one commit, those that a model is served from.
 *
 * @param commit what branches and tags stood for when the listing was made
 */
record HubListing(String commit, List<HubFile> files) {

  private static final int LARGEST = 32 << 20;

  /**
   * One file.
   *
   * @param size bytes, -1 when the Hub does not say
   * @param checksum null when the Hub does not say
   */
  record HubFile(String path, long size, @Nullable Checksum checksum) {}

  /**
   * Reads the answer of {@code /api/models/{id}/revision/{revision}?blobs=true}.
   *
   * @throws IOException for what is no listing, and for names that lead out of the folder
   */
  static HubListing read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw HubFailure.last("the list of files is longer than %d bytes".formatted(LARGEST));
    }
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(new String(bytes, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw HubFailure.last("the list of files is no JSON: " + e.getOriginalMessage());
    }
    String commit = root.path("sha").asString("");
    if (!ModelReference.REVISION.matcher(commit).matches()) {
      throw HubFailure.last("the list of files names no commit");
    }
    Map<String, JsonNode> siblings = new LinkedHashMap<>();
    for (JsonNode sibling : root.path("siblings").values()) {
      siblings.put(sibling.path("rfilename").asString(""), sibling);
    }
    List<HubFile> files =
        HubFiles.wanted(siblings.keySet()).stream()
            .map(name -> file(name, siblings.getOrDefault(name, root)))
            .toList();
    for (HubFile file : files) {
      if (!SafePath.isSafe(file.path())) {
        throw HubFailure.last("the list of files has the name \"%s\"".formatted(file.path()));
      }
    }
    return new HubListing(commit, files);
  }

  private static HubFile file(String name, JsonNode sibling) {
    String sha256 = sibling.path("lfs").path("sha256").asString("");
    String blob = sibling.path("blobId").asString("");
    long size = sibling.path("lfs").path("size").asLong(sibling.path("size").asLong(-1));
    return new HubFile(name, size, checksum(sha256, blob));
  }

  private static @Nullable Checksum checksum(String sha256, String blob) {
    if (sha256.matches("[0-9a-f]{64}")) {
      return new Checksum.Sha256(sha256);
    }
    return blob.matches("[0-9a-f]{40}") ? new Checksum.GitBlob(blob) : null;
  }
}
