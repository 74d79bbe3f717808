package dev.diptych.bench.memory;

import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.Texts;
import dev.diptych.bench.TokenStream;
import dev.diptych.model.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The few requests of every kind of work that a model gets before its memory is read. */
final class FirstRequests {

  private static final int ROUNDS = 3;
  private static final int STREAMS = 8;
  private static final int TEXTS = 32;

  private final ServiceClient client;
  private final Texts texts = new Texts(1);

  FirstRequests(ServiceClient client) {
    this.client = client;
  }

  void send(Role role) throws IOException, InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      switch (role) {
        case GENERATE -> generate();
        case EMBED -> embed();
        case FILL_MASK -> fillMask();
        default -> throw new IOException("no requests are known for " + role.label());
      }
    }
  }

  private void generate() throws IOException, InterruptedException {
    client.generate(texts.words(32), 64).complete();
    client.generate(texts.words(512), 1).complete();
    List<TokenStream> streams =
        IntStream.range(0, STREAMS).mapToObj(_ -> client.generate(texts.words(32), 64)).toList();
    for (TokenStream stream : streams) {
      stream.complete();
    }
  }

  private void embed() throws IOException, InterruptedException {
    client.post("/embed", Map.of("inputs", texts.encoderText(12)));
    List<String> batch = IntStream.range(0, TEXTS).mapToObj(_ -> texts.encoderText(128)).toList();
    client.post("/embed", Map.of("inputs", batch));
  }

  private void fillMask() throws IOException, InterruptedException {
    client.post("/fill-mask", Map.of("inputs", texts.maskedText(12)));
    client.post("/fill-mask", Map.of("inputs", texts.maskedText(128)));
  }
}
