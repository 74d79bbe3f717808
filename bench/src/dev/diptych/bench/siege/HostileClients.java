package dev.diptych.bench.siege;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Clients that attack, each with one kind after another, until they are closed. */
final class HostileClients implements AutoCloseable {

  static final int CLIENTS = 8;

  private final List<HostileConnections> connections = new ArrayList<>();
  private final List<HostileKind> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  private HostileClients() {}

  /** Begins at once; each client has an order of its own, which is the same in every run. */
  static HostileClients start(URI service, List<HostileKind> kinds) {
    HostileClients clients = new HostileClients();
    for (int seed = 0; seed < CLIENTS; seed++) {
      HostileConnections own = new HostileConnections(service);
      clients.connections.add(own);
      Random random = new Random(seed);
      clients.threads.execute(() -> clients.run(own, kinds, random));
    }
    return clients;
  }

  private void run(HostileConnections own, List<HostileKind> kinds, Random random) {
    while (!closed) {
      HostileKind kind = kinds.get(random.nextInt(kinds.size()));
      begin(kind);
      try {
        kind.attack(own);
      } catch (InterruptedException _) {
        return;
      } finally {
        end(kind);
      }
    }
  }

  private synchronized void begin(HostileKind kind) {
    running.add(kind);
  }

  private synchronized void end(HostileKind kind) {
    running.remove(kind);
  }

  /** What is going on now. */
  synchronized Set<HostileKind> running() {
    return new TreeSet<>(running);
  }

  @Override
  public void close() {
    closed = true;
    connections.forEach(HostileConnections::close);
    threads.shutdownNow();
    threads.close();
  }
}
