package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON header of a safetensors file, see {@link Safetensors}. */
final class SafetensorsHeader {

  /** Most tensors in one file. */
  static final int MAX_TENSORS = 100_000;

  private static final String METADATA = "__metadata__";

  private final Path file;
  private final long dataBegin;
  private final long fileBytes;
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private SafetensorsHeader(Path file, long dataBegin, long fileBytes) {
    this.file = file;
    this.dataBegin = dataBegin;
    this.fileBytes = fileBytes;
  }

  /** The tensors in the order of the header, checked against each other and the file's size. */
  static List<StoredTensor> parse(Path file, InputStream json, long dataBegin, long fileBytes)
      throws InvalidCheckpoint {
    SafetensorsHeader header = new SafetensorsHeader(file, dataBegin, fileBytes);
    try (StrictJson parser = new StrictJson(file, json)) {
      parser.object("the header", name -> header.member(parser, name));
      parser.end();
    }
    Extent.requireInsideAndDisjoint(
        file,
        header.tensors.stream()
            .map(tensor -> new Extent(tensor.name(), tensor.fileOffset(), tensor.byteLength()))
            .toList(),
        dataBegin,
        fileBytes);
    header.requireNoHoles();
    return header.tensors;
  }

  private void member(StrictJson parser, String name) throws InvalidCheckpoint {
    if (!names.add(name)) {
      throw parser.invalid("%s appears twice".formatted(quote(name)));
    }
    if (name.equals(METADATA)) {
      parser.object("the metadata", _ -> parser.skip());
      return;
    }
    if (tensors.size() == MAX_TENSORS) {
      throw parser.invalid("more than %d tensors".formatted(MAX_TENSORS));
    }
    Fields fields = new Fields();
    Set<String> given = new HashSet<>();
    String what = "tensor " + quote(name);
    parser.object(
        what,
        field -> {
          if (!given.add(field)) {
            throw parser.invalid("%s has %s twice".formatted(what, quote(field)));
          }
          switch (field) {
            case "dtype" -> fields.type = parser.string("the dtype of " + what);
            case "shape" ->
                fields.shape = parser.sizes("the shape of " + what, Extent.MAX_DIMENSIONS);
            case "data_offsets" -> fields.offsets = parser.sizes("data_offsets of " + what, 2);
            default ->
                throw parser.invalid("%s has the unknown field %s".formatted(what, quote(field)));
          }
        });
    if (fields.type == null || fields.shape == null || fields.offsets == null) {
      throw parser.invalid(what + " lacks one of dtype, shape and data_offsets");
    }
    tensors.add(tensor(name, elementType(name, fields.type), fields.shape, fields.offsets));
  }

  private StoredTensor tensor(String name, ElementType type, List<Long> shape, List<Long> offsets)
      throws InvalidCheckpoint {
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw invalid(name, "has the data_offsets %s; [begin, end] are expected".formatted(offsets));
    }
    long byteLength = offsets.get(1) - offsets.get(0);
    long expected = Extent.bytes(file, name, type, shape);
    if (byteLength != expected) {
      throw invalid(
          name,
          "has %d bytes, but %s of shape %s takes %d".formatted(byteLength, type, shape, expected));
    }
    long dataBytes = fileBytes - dataBegin;
    if (offsets.get(1) > dataBytes) {
      throw invalid(
          name,
          "reaches to byte %d of the data, which has %d".formatted(offsets.get(1), dataBytes));
    }
    return new StoredTensor(name, type, shape, file, dataBegin + offsets.get(0), byteLength);
  }

  private ElementType elementType(String name, String dtype) throws InvalidCheckpoint {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw invalid(name, "has the dtype %s, which the format does not have".formatted(quote(dtype)));
  }

  private void requireNoHoles() throws InvalidCheckpoint {
    long covered = tensors.stream().mapToLong(StoredTensor::byteLength).sum();
    if (covered != fileBytes - dataBegin) {
      throw new InvalidCheckpoint(
          String.format(
              Locale.ROOT,
              "%s: the tensors cover %d of %d bytes of data",
              file,
              covered,
              fileBytes - dataBegin));
    }
  }

  private InvalidCheckpoint invalid(String name, String problem) {
    return new InvalidCheckpoint("%s: tensor %s %s".formatted(file, quote(name), problem));
  }

  /** What has been read of one tensor. */
  private static final class Fields {
    @Nullable String type;
    @Nullable List<Long> shape;
    @Nullable List<Long> offsets;
  }
}
