package dev.diptych.bench.siege;

import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.Texts;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The largest batches that well-behaved clients come to: what the service keeps of them, such as
 * the keys and values of prompts, is no trace of an attack.
 */
final class FullLoad {

  private static final int STREAMS = 32;
  private static final int PROMPT_WORDS = 400;
  private static final int NEW_TOKENS = 16;
  private static final int BATCHES = 8;
  private static final int TEXTS = 32;
  private static final int TEXT_WORDS = 120;

  private FullLoad() {}

  /** Sends it and waits for the answers, whatever they are. */
  static void run(URI service) throws InterruptedException {
    Texts texts = new Texts(STREAMS);
    try (ServiceClient client = new ServiceClient(service);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        Object body =
            Map.of(
                "inputs",
                texts.words(PROMPT_WORDS),
                "parameters",
                Map.of("max_new_tokens", NEW_TOKENS));
        answers.add(threads.submit(() -> client.send("/generate", bytes(body))));
      }
      for (int i = 0; i < BATCHES; i++) {
        List<String> plain =
            IntStream.range(0, TEXTS).mapToObj(_ -> texts.words(TEXT_WORDS)).toList();
        List<String> masked =
            IntStream.range(0, TEXTS).mapToObj(_ -> texts.maskedText(TEXT_WORDS)).toList();
        answers.add(threads.submit(() -> client.send("/embed", bytes(Map.of("inputs", plain)))));
        answers.add(
            threads.submit(() -> client.send("/fill-mask", bytes(Map.of("inputs", masked)))));
      }
      for (Future<?> answer : answers) {
        try {
          answer.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof IOException)) {
            throw new IllegalStateException(e.getCause());
          }
        }
      }
    }
  }

  private static byte[] bytes(Object body) {
    return JsonMapper.shared().writeValueAsBytes(body);
  }
}
