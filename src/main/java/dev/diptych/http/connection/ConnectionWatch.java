package dev.diptych.http.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Looks at all connections a few times a second: ends what is overdue, and what nobody awaits. */
final class ConnectionWatch implements Runnable {

  /*
   * A client that closes its side while its answer is made has left, as hyper sees it for the peers.
   * It is told apart from a next request by reading ahead.
   */

  /** Between two looks, and the age from which a request is looked at. */
  static final Duration INTERVAL = Duration.ofMillis(250);

  private final Supplier<Stream<Connection>> connections;
  private final ConnectionLimits limits;
  private final ByteBuffer scratch = ByteBuffer.allocate(4096);

  ConnectionWatch(Supplier<Stream<Connection>> connections, ConnectionLimits limits) {
    this.connections = connections;
    this.limits = limits;
  }

  @Override
  public void run() {
    connections.get().forEach(this::look);
  }

  private void look(Connection connection) {
    switch (connection.phase()) {
      case IDLE -> {} // Tomcat's own timeout holds
      case HEAD, BODY -> {
        if (connection.inPhase().compareTo(limits.read()) > 0) {
          connection.endInput();
        }
      }
      case ANSWER -> {
        if (connection.waitedForReader().compareTo(limits.write()) > 0
            || (connection.inPhase().compareTo(INTERVAL) > 0 && connection.hasEnded(scratch))) {
          connection.depart();
        }
      }
    }
  }
}
