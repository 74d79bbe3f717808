package dev.diptych.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the bytes of a file must add up to. */
sealed interface Checksum {

  /** SHA-256 in lower-case hexadecimal digits. */
  record Sha256(String hex) implements Checksum {}

  /** The SHA-1 that git gives a file, which covers its length too. */
  record GitBlob(String hex) implements Checksum {}

  String hex();

  /** Whether the file has this sum. */
  default boolean matches(Path file) throws IOException {
    return hex().equals(of(file));
  }

  private String of(Path file) throws IOException {
    return switch (this) {
      case Sha256 _ -> sha256(file);
      case GitBlob _ -> {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        yield sum(file, digest);
      }
    };
  }

  static String sha256(Path file) throws IOException {
    return sum(file, digest("SHA-256"));
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static String sum(Path file, MessageDigest digest) throws IOException {
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
