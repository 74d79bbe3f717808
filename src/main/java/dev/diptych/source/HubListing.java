package dev.diptych.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The files of a repository at one commit.
 *
 * @param commit what branches and tags stood for when the listing was made
 * @param files by name
 */
record HubListing(String commit, Map<String, HubFile> files) {

  private static final long LARGEST = 64L << 20;
  private static final int MOST_FILES = 100_000;

  /**
   * One file.
   *
   * @param size bytes, -1 when the Hub does not say
   * @param checksum null when the Hub does not say
   */
  record HubFile(String path, long size, @Nullable Checksum checksum) {}

  /**
   * Reads the answer of {@code /api/models/{id}/revision/{revision}?blobs=true}, of which only the
   * commit and the files are kept.
   *
   * @throws IOException for what is no listing
   */
  static HubListing read(InputStream body) throws IOException {
    Reading reading = new Reading();
    try (JsonParser json =
        BoundedJson.stream(new BoundedStream(body, LARGEST, "the list of files"))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw HubFailure.last("the list of files is no JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        reading.member(json);
      }
    } catch (JacksonException e) {
      if (e.getCause() instanceof IOException cause) { // of the stream
        throw cause instanceof HubFailure known
            ? known
            : new HubFailure(HubFailure.Kind.CUT, "the connection was cut", cause);
      }
      throw HubFailure.last("the list of files is no JSON: " + e.getOriginalMessage());
    }
    if (!ModelReference.REVISION.matcher(reading.commit).matches()) {
      throw HubFailure.last("the list of files names no commit");
    }
    return new HubListing(reading.commit, reading.files);
  }

  /** Those of the files that have one of these names. */
  List<HubFile> named(Set<String> names) {
    return files.values().stream().filter(file -> names.contains(file.path())).toList();
  }

  /** What has been read so far. */
  private static final class Reading {

    private final Map<String, HubFile> files = new LinkedHashMap<>();
    private String commit = "";

    /* the parser stands on the name of a member of the outer object */
    private void member(JsonParser json) throws HubFailure {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("sha") && value == JsonToken.VALUE_STRING) {
        commit = json.getString();
      } else if (name.equals("siblings") && value == JsonToken.START_ARRAY) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          sibling(json);
        }
      } else {
        json.skipChildren();
      }
    }

    private void sibling(JsonParser json) throws HubFailure {
      String path = "";
      String sha256 = "";
      String blob = "";
      long size = -1;
      int depth = 1; // {rfilename, blobId, size, lfs: {sha256, size}}
      while (depth > 0) {
        switch (json.nextToken()) {
          case START_OBJECT -> {
            if (depth == 1 && json.currentName().equals("lfs")) {
              depth++;
            } else {
              json.skipChildren();
            }
          }
          case END_OBJECT -> depth--;
          case START_ARRAY -> json.skipChildren();
          case VALUE_STRING -> {
            switch (depth == 1 ? json.currentName() : "lfs." + json.currentName()) {
              case "rfilename" -> path = json.getString();
              case "blobId" -> blob = json.getString();
              case "lfs.sha256" -> sha256 = json.getString();
              default -> {}
            }
          }
          case VALUE_NUMBER_INT -> {
            if (json.currentName().equals("size")) {
              size = json.getLongValue();
            }
          }
          case null -> throw HubFailure.last("the list of files ends too early");
          default -> {}
        }
      }
      if (files.size() == MOST_FILES) {
        throw HubFailure.last("the list of files has more than %d".formatted(MOST_FILES));
      }
      files.put(path, new HubFile(path, size, checksum(sha256, blob)));
    }

    private static @Nullable Checksum checksum(String sha256, String blob) {
      if (sha256.matches("[0-9a-f]{64}")) {
        return new Checksum.Sha256(sha256);
      }
      return blob.matches("[0-9a-f]{40}") ? new Checksum.GitBlob(blob) : null;
    }
  }
}
