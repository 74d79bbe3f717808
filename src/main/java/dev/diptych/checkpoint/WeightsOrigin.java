package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What weights were made of: the same for the same checkpoint and the same way of making them.
 *
 * @param sha256 in lower-case hexadecimal digits
 */
public record WeightsOrigin(String sha256) {

  static final int DIGITS = 64;

  /**
   * The origin of weights that are made of some tensors.
   *
   * @param tensors in a fixed order; of their files, size and time stamp are looked at, not the
   *     bytes
   * @param recipe all else that the weights depend on
   */
  public static WeightsOrigin of(Collection<StoredTensor> tensors, List<String> recipe)
      throws IOException {
    List<String> parts = new ArrayList<>(recipe);
    Set<Path> files = new LinkedHashSet<>();
    for (StoredTensor tensor : tensors) {
      files.add(tensor.file());
      parts.add(
          "%s %s %s %s %d"
              .formatted(
                  tensor.name(),
                  tensor.type(),
                  tensor.shape(),
                  tensor.file().getFileName(),
                  tensor.fileOffset()));
    }
    for (Path file : files) {
      parts.add(
          "%s %d %s"
              .formatted(file.getFileName(), Files.size(file), Files.getLastModifiedTime(file)));
    }
    return new WeightsOrigin(sha256(parts));
  }

  /** Of texts and where each of them ends. */
  private static String sha256(List<String> texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
