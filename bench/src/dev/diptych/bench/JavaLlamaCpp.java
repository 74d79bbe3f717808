package dev.diptych.bench;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * llama.cpp through the Java binding {@code de.kherud:llama}, which {@link JavaLlamaCppPeer} runs
 * in a JVM of its own, since a fault of native code ends it.
 */
final class JavaLlamaCpp {

  private static final int BATCH = 512;
  private static final int CONTEXT = 4096;
  private static final JsonMapper JSON = JsonMapper.shared();

  private JavaLlamaCpp() {}

  /** Loads the GGUF file that the argument names, and answers a line of JSON with another one. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // the binding prints where it unpacks its library
    try {
      serve(arguments[0], answers);
    } catch (RuntimeException | LinkageError e) {
      answers.println(JSON.writeValueAsString(Map.of("error", e.toString())));
    }
    System.exit(0); // a thread of the binding outlives the model and would keep the JVM
  }

  private static void serve(String gguf, PrintStream answers) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    ModelParameters parameters =
        new ModelParameters()
            .setModel(gguf)
            .setThreads(threads)
            .setThreadsBatch(threads)
            .setCtxSize(CONTEXT)
            .setBatchSize(BATCH)
            .setUbatchSize(BATCH)
            .disableLog();
    try (LlamaModel model = new LlamaModel(parameters);
        BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      answers.println(JSON.writeValueAsString(Map.of("version", version(), "threads", threads)));
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        JsonNode request = JSON.readTree(line);
        String prompt = request.path("prompt").asString();
        answers.println(
            JSON.writeValueAsString(
                request.has("tokens")
                    ? decode(model, prompt, request.path("tokens").asInt())
                    : prefill(model, prompt)));
      }
    }
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream stream =
        LlamaModel.class.getResourceAsStream("/META-INF/maven/de.kherud/llama/pom.properties")) {
      properties.load(stream);
    }
    return properties.getProperty("version", "unknown");
  }

  private static Map<String, Object> decode(LlamaModel model, String prompt, int tokens) {
    long start = System.nanoTime();
    long[] times = arrivals(model, prompt, tokens);
    long first = times[0];
    long last = times[times.length - 1];
    return Map.of(
        "decode_rate",
        (times.length - 1) * 1e9 / (last - first),
        "token_rate",
        times.length * 1e9 / (last - start),
        "answer_length",
        times.length);
  }

  private static Map<String, Object> prefill(LlamaModel model, String prompt) {
    int promptTokens = model.encode(prompt).length;
    long start = System.nanoTime();
    double nanos = arrivals(model, prompt, 1)[0] - start;
    return Map.of("first_token", nanos / 1e6, "token_rate", promptTokens * 1e9 / nanos);
  }

  /* By System.nanoTime(), one for each part of the text, which is one token for common words. */
  private static long[] arrivals(LlamaModel model, String prompt, int tokens) {
    long[] times = new long[tokens + 1];
    int count = 0;
    for (LlamaOutput _ : model.generate(greedy(prompt, tokens))) {
      times[count++] = System.nanoTime();
    }
    return Arrays.copyOf(times, Math.min(count, tokens));
  }

  private static InferenceParameters greedy(String prompt, int tokens) {
    return new InferenceParameters(prompt)
        .setNPredict(tokens)
        .setTemperature(0)
        .setIgnoreEos(true)
        .setCachePrompt(false);
  }
}
