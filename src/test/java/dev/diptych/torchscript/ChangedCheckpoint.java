package dev.diptych.torchscript;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.SafetensorsWriter;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import dev.diptych.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A copy of a tiny checkpoint whose tensors have other names, or which has more or fewer. */
final class ChangedCheckpoint {

  private record Content(Declaration declaration, ByteBuffer bytes) {}

  private final Path original;
  private final Map<String, Content> tensors = new LinkedHashMap<>();

  private ChangedCheckpoint(Path original) {
    this.original = original;
  }

  static ChangedCheckpoint of(String name) throws IOException {
    Path folder = Path.of("src/test/resources/checkpoints").resolve(name);
    ChangedCheckpoint copy = new ChangedCheckpoint(folder);
    Path file = folder.resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(file)) {
      for (StoredTensor tensor : Safetensors.read(file).values()) {
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteLength());
        channel.read(bytes, tensor.fileOffset());
        copy.put(tensor.name(), tensor, bytes.flip());
      }
    }
    return copy;
  }

  private void put(String name, StoredTensor tensor, ByteBuffer bytes) {
    tensors.put(
        name,
        new Content(new Declaration(name, (ElementType) tensor.type(), tensor.shape()), bytes));
  }

  ChangedCheckpoint rename(UnaryOperator<String> renaming) {
    Map<String, Content> before = new LinkedHashMap<>(tensors);
    tensors.clear();
    before.forEach((name, content) -> add(renaming.apply(name), content, content.bytes()));
    return this;
  }

  /** Adds a tensor of the shape and type of another, with its values or zeros. */
  ChangedCheckpoint add(String name, String like, boolean zeros) {
    Content content = Objects.requireNonNull(tensors.get(like));
    add(name, content, zeros ? ByteBuffer.allocate(content.bytes().limit()) : content.bytes());
    return this;
  }

  private void add(String name, Content like, ByteBuffer bytes) {
    Declaration old = like.declaration();
    tensors.put(name, new Content(new Declaration(name, old.type(), old.shape()), bytes));
  }

  ChangedCheckpoint remove(String name) {
    tensors.remove(name);
    return this;
  }

  /** Writes it, with the configuration of the original. */
  Path write(Path folder) throws IOException {
    Files.copy(original.resolve("config.json"), folder.resolve("config.json"));
    List<Declaration> declarations = tensors.values().stream().map(Content::declaration).toList();
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve("model.safetensors"), declarations)) {
      for (Content content : tensors.values()) {
        writer.append(content.declaration().name(), content.bytes().duplicate());
      }
      writer.finish();
    }
    return folder;
  }
}
