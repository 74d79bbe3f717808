package dev.diptych.bench.soak;

import dev.diptych.bench.ServiceClient;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Clients that each send one request after another until they are told to stop. */
final class MixedLoad implements AutoCloseable {

  static final int CLIENTS = 8;

  /** So many errors mean that nothing better will come. */
  private static final int TOO_MANY_ERRORS = 100;

  private final ServiceClient client;
  private final RequestTally tally;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopped;

  private MixedLoad(ServiceClient client, RequestTally tally) {
    this.client = client;
    this.tally = tally;
  }

  /** Begins at once; the tally gets what comes of it. */
  static MixedLoad start(URI service, RequestTally tally) {
    MixedLoad load = new MixedLoad(new ServiceClient(service), tally);
    for (int seed = 0; seed < CLIENTS; seed++) {
      MixedRequests requests = new MixedRequests(load.client, seed);
      load.threads.execute(() -> load.run(requests));
    }
    return load;
  }

  /** Whether errors have ended it. */
  boolean hasGivenUp() {
    return tally.errors() >= TOO_MANY_ERRORS;
  }

  /** Waits for the answers that are still to come. */
  @Override
  public void close() {
    stopped = true;
    threads.close();
    client.close();
  }

  private void run(MixedRequests requests) {
    count(RequestKind.LARGEST, requests);
    while (!stopped && !hasGivenUp()) {
      count(requests.draw(), requests);
    }
  }

  private void count(RequestKind kind, MixedRequests requests) {
    try {
      requests.send(kind);
      tally.answered(kind);
    } catch (InterruptedException _) {
      stopped = true;
    } catch (IOException | RuntimeException e) {
      tally.failed(kind, e);
    }
  }
}
