package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What weights were made of: the same for the same checkpoint and the same way of making them.
 *
 * @param sha256 in lower-case hexadecimal digits
 */
public record WeightsOrigin(String sha256) {

  static final int DIGITS = 64;

  private static final int SAMPLE_BYTES = 4096;

  /**
   * The origin of weights that are made of some tensors.
   *
   * @param tensors by the names under which they are used, in a fixed order; of each the first 4
   *     KiB are read, and of their files the sizes and time stamps
   * @param recipe all else that the weights depend on
   */
  public static WeightsOrigin of(Map<String, StoredTensor> tensors, List<String> recipe)
      throws IOException {
    MessageDigest digest = newDigest();
    recipe.forEach(text -> add(digest, text));
    Map<Path, FileChannel> files = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
        StoredTensor tensor = entry.getValue();
        FileChannel channel = files.get(tensor.file());
        if (channel == null) {
          channel = FileChannel.open(tensor.file());
          files.put(tensor.file(), channel);
          add(digest, "%d %s".formatted(channel.size(), Files.getLastModifiedTime(tensor.file())));
        }
        add(digest, "%s %s %s".formatted(entry.getKey(), tensor.type(), tensor.shape()));
        digest.update(sample(tensor, channel));
      }
    } finally {
      for (FileChannel channel : files.values()) {
        channel.close();
      }
    }
    return new WeightsOrigin(HexFormat.of().formatHex(digest.digest()));
  }

  private static ByteBuffer sample(StoredTensor tensor, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(SAMPLE_BYTES, tensor.byteLength()));
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, tensor.fileOffset() + bytes.position());
    }
    return bytes.flip();
  }

  /* With its length, so that two texts are not taken for one. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
