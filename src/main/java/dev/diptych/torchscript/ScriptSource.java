package dev.diptych.torchscript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One TorchScript file of this project.
 *
 * @param name the file's name without ending, which is also its TorchScript module
 */
record ScriptSource(String name, String code) {

  private static final String ONE_DNN = "onednn";
  private static final Pattern MODEL_HEAD =
      Pattern.compile(
          "^class Model\\(Module\\):\\n(.*?)^ {2}def ", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern ATTRIBUTE =
      Pattern.compile("^ {2}(\\w+) : (\\S+?)\\s*(?:#.*)?$", Pattern.MULTILINE);

  /**
   * An attribute that the class {@code Model} declares.
   *
   * @param type TorchScript's spelling, such as {@code List[Tensor]}
   */
  record Attribute(String name, String type) {}

  static ScriptSource read(String name) {
    String resource = "/torchscript/" + name + ".py";
    try (InputStream in = ScriptSource.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource %s is missing".formatted(resource));
      }
      return new ScriptSource(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This source, or what stands in for it where libtorch lacks the operators that it names. */
  ScriptSource forLibtorch(boolean hasOneDnn) {
    return name.equals(ONE_DNN) && !hasOneDnn
        ? new ScriptSource(name, read("without_" + ONE_DNN).code())
        : this;
  }

  /** The declared attributes of {@code class Model}, in order. */
  List<Attribute> attributes() {
    var head = MODEL_HEAD.matcher(code);
    List<Attribute> attributes = new ArrayList<>();
    if (head.find()) {
      var line = ATTRIBUTE.matcher(head.group(1));
      while (line.find()) {
        attributes.add(new Attribute(line.group(1), line.group(2)));
      }
    }
    return attributes;
  }
}
