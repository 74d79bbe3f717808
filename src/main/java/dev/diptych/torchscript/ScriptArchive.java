package dev.diptych.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive without weights, as {@code torch.jit.load} reads it: a zip of {@code
 * data.pkl} (an object of class {@code Model} with empty attributes), {@code code/}, {@code
 * constants.pkl} (an empty tuple) and {@code version}. An {@code init} method fills the attributes
 * after loading.
 */
final class ScriptArchive {

  /*
   * data.pkl is pickle protocol 2: GLOBAL class, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK, (name, value)…, SETITEMS,
   * BUILD, STOP.
   */

  private static final String VERSION = "10\n";
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** The archive of a model's source and the libraries it names. */
  static byte[] of(ScriptSource model, List<ScriptSource> libraries) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      put(zip, "model/data.pkl", emptyModel(model.attributes()));
      put(zip, "model/code/__torch__.py", model.code().getBytes(StandardCharsets.UTF_8));
      for (ScriptSource library : libraries) {
        put(
            zip,
            "model/code/__torch__/" + library.name() + ".py",
            library.code().getBytes(StandardCharsets.UTF_8));
      }
      put(zip, "model/constants.pkl", EMPTY_TUPLE);
      put(zip, "model/version", VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] emptyModel(List<ScriptSource.Attribute> attributes) {
    var pickle = new ByteArrayOutputStream();
    pickle.write(0x80);
    pickle.write(2);
    pickle.writeBytes("c__torch__\nModel\n)".getBytes(StandardCharsets.US_ASCII));
    pickle.write(0x81);
    pickle.writeBytes("}(".getBytes(StandardCharsets.US_ASCII));
    for (ScriptSource.Attribute attribute : attributes) {
      byte[] name = attribute.name().getBytes(StandardCharsets.US_ASCII);
      pickle.write('X');
      pickle.writeBytes(new byte[] {(byte) name.length, 0, 0, 0});
      pickle.writeBytes(name);
      pickle.writeBytes(emptyValue(attribute.type()));
    }
    pickle.writeBytes("ub.".getBytes(StandardCharsets.US_ASCII));
    return pickle.toByteArray();
  }

  private static byte[] emptyValue(String type) {
    if (type.startsWith("List[")) {
      return new byte[] {']'};
    }
    return switch (type) {
      case "bool" -> new byte[] {(byte) 0x89};
      case "int" -> new byte[] {'K', 0};
      case "float" -> new byte[] {'G', 0, 0, 0, 0, 0, 0, 0, 0};
      case "Tensor" -> new byte[] {'N'};
      default -> throw new IllegalArgumentException("no empty value for attribute type " + type);
    };
  }
}
