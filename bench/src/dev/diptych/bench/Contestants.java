package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Those that take part, and those that could not; the service comes first. */
final class Contestants implements AutoCloseable {

  private final List<Contestant> present = new ArrayList<>();
  private final List<Absent> absent = new ArrayList<>();

  private interface Start {
    Contestant start() throws Exception;
  }

  static Contestants start(Options options) throws IOException, InterruptedException {
    Contestants contestants = new Contestants();
    try {
      contestants.startService(options);
      if (options.peers()) {
        contestants.startPeers(options);
      }
      return contestants;
    } catch (IOException | InterruptedException | RuntimeException e) {
      contestants.close();
      throw e;
    }
  }

  List<Contestant> present() {
    return present;
  }

  List<Absent> absent() {
    return absent;
  }

  @Override
  public void close() {
    present.reversed().forEach(Contestant::close);
  }

  private void startService(Options options) throws IOException, InterruptedException {
    if (options.address() != null) {
      present.add(ServiceContestant.at(options.address()));
      return;
    }
    Path jar = options.jar();
    if (jar == null) {
      throw new IllegalArgumentException("no jar");
    }
    for (String precision : options.precisions()) {
      System.out.println("Starting the service, precision " + precision);
      ServiceProcess process =
          ServiceProcess.start(
              jar,
              options.settings().withModel("precision", precision),
              jar.resolveSibling("service-" + precision + ".log"));
      present.add(ServiceContestant.of("Diptych " + precision, process));
    }
  }

  private void startPeers(Options options) {
    for (OnnxRuntimePeer.Grouping grouping : OnnxRuntimePeer.Grouping.values()) {
      add(
          "ONNX Runtime float32",
          () -> OnnxRuntimePeer.load("all-minilm-l6-v2", "float32", grouping));
      add("ONNX Runtime int8", () -> OnnxRuntimePeer.load("all-minilm-l6-v2-q", "int8", grouping));
    }
    for (String quantisation : List.of("Q8_0", "Q4_0")) {
      startLlamaCpp(options, quantisation);
    }
    startJavaLlamaCpp(options, "Q8_0");
    if (options.transformers()) {
      for (String precision : List.of("float32", "bfloat16")) {
        startTransformers(options, precision);
      }
    }
  }

  private void startLlamaCpp(Options options, String quantisation) {
    String name = "llama.cpp " + quantisation;
    Path python = Path.of("bench/.venv/bin/python");
    Path gguf = options.gguf(quantisation);
    if (Files.isExecutable(python) && Files.isReadable(gguf)) {
      add(name, () -> LlamaCppPeer.start(name, python, Path.of("bench/llama_peer.py"), gguf));
    } else {
      absent.add(
          new Absent(name, "needs python3, a C++ compiler and cmake; see what bench/run said"));
    }
  }

  private void startJavaLlamaCpp(Options options, String quantisation) {
    String name = "java-llama.cpp " + quantisation;
    Path gguf = options.gguf(quantisation);
    if (Files.isReadable(gguf)) {
      add(name, () -> JavaLlamaCppPeer.start(name, gguf));
    } else {
      absent.add(new Absent(name, "needs weights that llama.cpp quantises, which is absent"));
    }
  }

  private void startTransformers(Options options, String precision) {
    String name = "transformers " + precision;
    Path python = Path.of("bench/.venv-transformers/bin/python");
    if (Files.isExecutable(python)) {
      Path script = Path.of("bench/transformers_peer.py");
      add(
          name,
          () ->
              TransformersPeer.start(name, python, script, options.settings().store(), precision));
    } else {
      absent.add(new Absent(name, "could not be installed; see what bench/run said"));
    }
  }

  private void add(String name, Start start) {
    try {
      present.add(start.start());
    } catch (Exception e) {
      absent.add(new Absent(name, e.toString()));
    }
  }
}
