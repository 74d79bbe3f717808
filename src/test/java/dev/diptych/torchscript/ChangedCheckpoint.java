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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A copy of a tiny checkpoint whose tensors have other names, or which has more or fewer. */
final class ChangedCheckpoint {

  private record Content(Declaration declaration, ByteBuffer bytes) {}

  private final Path original;
  private final Map<String, Content> tensors = new LinkedHashMap<>();
  private final ObjectNode changes = JsonMapper.shared().createObjectNode();

  private ChangedCheckpoint(Path original) {
    this.original = original;
  }

  static ChangedCheckpoint of(String name) throws IOException {
    return of(Path.of("src/test/resources/checkpoints").resolve(name));
  }

  /** A copy of the checkpoint in a folder. */
  static ChangedCheckpoint of(Path folder) throws IOException {
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

  /** The names of its tensors. */
  List<String> names() {
    return List.copyOf(tensors.keySet());
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

  /** Has another value in its config.json. */
  ChangedCheckpoint configure(String field, String json) {
    changes.set(field, JsonMapper.shared().readTree(json));
    return this;
  }

  /** Writes it, with the configuration of the original but for what was changed. */
  Path write(Path folder) throws IOException {
    Path configuration = original.resolve("config.json");
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(configuration.toFile());
    config.setAll(changes);
    Files.writeString(folder.resolve("config.json"), config.toString());
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
