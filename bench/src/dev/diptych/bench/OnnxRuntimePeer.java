package dev.diptych.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * all-MiniLM-L6-v2 on ONNX Runtime in this JVM, with langchain4j's copy of the weights: tokenised,
 * computed, mean-pooled and normalised, as the service does it.
 */
final class OnnxRuntimePeer implements Contestant {

  /** What a run of the session gets. */
  enum Grouping {
    /** All texts of a request, padded to the longest. */
    PADDED_BATCH("padded batches"),
    /** One text, so that nothing is padded. */
    SINGLE_TEXTS("text by text");

    private final String label;

    Grouping(String label) {
      this.label = label;
    }
  }

  private static final int MAX_TOKENS = 256;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final String name;
  private final Grouping grouping;
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;

  private OnnxRuntimePeer(
      String name, Grouping grouping, OrtSession session, HuggingFaceTokenizer tokenizer) {
    this.name = name;
    this.grouping = grouping;
    this.session = session;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a model of langchain4j.
   *
   * @param resource its name on the class path, such as {@code all-minilm-l6-v2-q}
   * @param precision as shown in the results
   */
  static OnnxRuntimePeer load(String resource, String precision, Grouping grouping)
      throws IOException, OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        InputStream model = open(resource + ".onnx")) {
      options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model.readAllBytes(), options);
    }
    try (InputStream json = open(resource + "-tokenizer.json")) {
      Map<String, String> options =
          Map.of(
              "padding",
              "true",
              "truncation",
              "true",
              "maxLength",
              Integer.toString(MAX_TOKENS),
              "modelMaxLength",
              Integer.toString(MAX_TOKENS));
      return new OnnxRuntimePeer(
          "ONNX Runtime %s, %s".formatted(precision, grouping.label),
          grouping,
          session,
          HuggingFaceTokenizer.newInstance(json, options));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String remark() {
    return "in this JVM, without HTTP; onnxruntime %s, %d intra-op threads"
        .formatted(environment.getVersion(), Runtime.getRuntime().availableProcessors());
  }

  @Override
  public boolean takes(Workload workload) {
    return workload instanceof Workload.Embed embed
        && (grouping == Grouping.SINGLE_TEXTS || embed.lengths().size() > 1);
  }

  @Override
  public Map<Measure, Double> run(Workload workload, Texts texts) throws Exception {
    if (!(workload instanceof Workload.Embed embed)) {
      throw new IllegalArgumentException("not measured on " + workload.title());
    }
    List<List<String>> requests = new ArrayList<>();
    for (int i = 0; i < embed.clients() * embed.requestsPerClient(); i++) {
      requests.add(embed.lengths().stream().map(texts::encoderText).toList());
    }
    return new ClosedLoop(embed.clients(), embed.requestsPerClient(), Thread.ofPlatform().factory())
        .run(number -> embed(requests.get(number)));
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Embeds texts and gives the number of their tokens, padding not counted. */
  private long embed(List<String> texts) throws OrtException {
    if (grouping == Grouping.PADDED_BATCH) {
      return embedTogether(texts);
    }
    long tokens = 0;
    for (String text : texts) {
      tokens += embedTogether(List.of(text));
    }
    return tokens;
  }

  private long embedTogether(List<String> texts) throws OrtException {
    Encoding[] encodings = tokenizer.batchEncode(texts);
    int length = encodings[0].getIds().length;
    LongBuffer ids = LongBuffer.allocate(texts.size() * length);
    LongBuffer mask = LongBuffer.allocate(texts.size() * length);
    for (Encoding encoding : encodings) {
      ids.put(encoding.getIds());
      mask.put(encoding.getAttentionMask());
    }
    long[] shape = {texts.size(), length};
    long[] types = new long[texts.size() * length];
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids.flip(), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask.flip(), shape);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape)) {
      inputs.put("input_ids", idTensor);
      inputs.put("attention_mask", maskTensor);
      inputs.put("token_type_ids", typeTensor);
      inputs.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(inputs)) {
        OnnxTensor states = (OnnxTensor) result.get(0); // [texts, length, hidden]
        int hidden = Math.toIntExact(states.getInfo().getShape()[2]);
        float[][] vectors =
            MeanPooling.unitVectors(states.getFloatBuffer(), mask.array(), length, hidden);
        if (vectors.length != texts.size()) {
          throw new IllegalStateException("%d vectors".formatted(vectors.length));
        }
        return LongStream.of(mask.array()).sum();
      }
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream stream = OnnxRuntimePeer.class.getResourceAsStream("/" + resource);
    if (stream == null) {
      throw new FileNotFoundException(resource + " is not on the class path");
    }
    return stream;
  }
}
