package dev.diptych.tokenization;

import dev.diptych.DjlProperties;
import dev.diptych.checkpoint.InvalidCheckpoint;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The tokenizers of all models, one per model folder, which every endpoint shares. */
@Component
public final class Tokenizers implements AutoCloseable {

  static {
    DjlProperties.set();
  }

  private final Map<Path, NativeTokenizer> open = new HashMap<>();
  private boolean closed;

  /**
   * The tokenizer of a model, loaded at the first call and shared from then on. It stays open until
   * it or this object is closed.
   *
   * @param modelFolder a folder with {@code tokenizer.json} and, if there are any, {@code
   *     tokenizer_config.json} and {@code special_tokens_map.json}
   * @throws InvalidCheckpoint if a file is missing, too large or broken
   */
  public synchronized Tokenizer open(Path modelFolder) throws IOException {
    if (closed) {
      throw new IllegalStateException("the tokenizers are closed");
    }
    Path folder = realPath(modelFolder);
    NativeTokenizer known = open.get(folder);
    if (known != null) {
      return known;
    }
    NativeTokenizer tokenizer = NativeTokenizer.load(TokenizerFiles.read(folder));
    open.put(folder, tokenizer);
    return tokenizer;
  }

  /**
   * Frees the tokenizer of a model that is not used any more, if it is open. Calls that are running
   * end first, later ones of whoever still has it are refused.
   */
  public void close(Path modelFolder) {
    NativeTokenizer tokenizer;
    synchronized (this) {
      try {
        tokenizer = open.remove(realPath(modelFolder));
      } catch (IOException e) {
        return; // the folder is gone, so nobody can say whose it was
      }
    }
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private static Path realPath(Path modelFolder) throws IOException {
    try {
      Path folder = modelFolder.toRealPath();
      if (Files.isDirectory(folder)) {
        return folder;
      }
      throw new InvalidCheckpoint("%s is not a folder".formatted(modelFolder));
    } catch (NoSuchFileException e) {
      throw new InvalidCheckpoint("there is no folder %s".formatted(modelFolder), e);
    }
  }

  /** Closes every tokenizer; calls that are running end first. */
  @Override
  @PreDestroy
  public synchronized void close() {
    closed = true;
    open.values().forEach(NativeTokenizer::close);
    open.clear();
  }
}
