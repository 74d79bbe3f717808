package dev.diptych.bench.soak;

import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.Texts;
import dev.diptych.bench.TokenStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** The requests of one client, whose kinds and lengths are drawn by a seeded generator. */
final class MixedRequests {

  private static final int LONGEST_PROMPT = 1500;
  private static final int LONGEST_ANSWER = 128;
  private static final int LONGEST_TEXT = 250;
  private static final int MOST_TEXTS = 32;

  private final ServiceClient client;
  private final Random random;
  private final Texts texts;

  MixedRequests(ServiceClient client, long seed) {
    this.client = client;
    random = new Random(seed);
    texts = new Texts(seed);
  }

  RequestKind draw() {
    return RequestKind.draw(random);
  }

  /** Sends a request and fails unless the answer is what it must be. */
  void send(RequestKind kind) throws IOException, InterruptedException {
    switch (kind) {
      case LARGEST -> largest();
      case ANSWER -> answer();
      case STREAM -> stream(length(LONGEST_ANSWER)).complete();
      case CANCELLED_STREAM -> leave();
      case EMBED -> embed(length(MOST_TEXTS), () -> length(LONGEST_TEXT));
      case FILL_MASK -> fillMask(length(LONGEST_TEXT));
      case BAD -> refused(BadRequest.ALL.get(random.nextInt(BadRequest.ALL.size())));
    }
  }

  /* The warm-up shall have what grows with them, such as the cache of keys and values. */
  private void largest() throws IOException, InterruptedException {
    client.generate(texts.words(LONGEST_PROMPT), LONGEST_ANSWER).complete();
    embed(MOST_TEXTS, () -> LONGEST_TEXT);
    fillMask(LONGEST_TEXT);
  }

  /* Every other answer is sampled, the rest is greedy. */
  private void answer() throws IOException, InterruptedException {
    Map<String, Object> parameters =
        Map.of("max_new_tokens", length(LONGEST_ANSWER), "do_sample", random.nextBoolean());
    client.post("/generate", Map.of("inputs", prompt(), "parameters", parameters));
  }

  private void leave() throws IOException, InterruptedException {
    try (TokenStream stream = stream(LONGEST_ANSWER)) {
      stream.await(length(LONGEST_ANSWER / 2));
    }
  }

  private void embed(int count, IntSupplier words) throws IOException, InterruptedException {
    List<String> inputs =
        IntStream.range(0, count).mapToObj(_ -> texts.words(words.getAsInt())).toList();
    client.post("/embed", Map.of("inputs", inputs));
  }

  private void fillMask(int words) throws IOException, InterruptedException {
    client.post("/fill-mask", Map.of("inputs", texts.words(words) + " [MASK]."));
  }

  private void refused(BadRequest request) throws IOException, InterruptedException {
    int status = client.send(request.path(), request.bytes()).statusCode();
    if (status != request.status()) {
      throw new IOException(
          "%s answered %d to a bad request instead of %d"
              .formatted(request.path(), status, request.status()));
    }
  }

  private TokenStream stream(int newTokens) {
    return client.generate(prompt(), newTokens);
  }

  private String prompt() {
    return texts.words(length(LONGEST_PROMPT));
  }

  /* From 1 to the longest; the logarithm is drawn evenly, so that short ones are frequent. */
  private int length(int longest) {
    return (int) Math.min(longest, Math.exp(random.nextDouble() * Math.log(longest + 1.0)));
  }
}
